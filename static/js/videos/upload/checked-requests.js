// Gives every part of an upload its checksum. The browser's own needs HTTPS, which a laptop that serves a room has not.

/** @type {Promise<typeof import("@noble/hashes/sha2.js")> | null} */
let hashes = null;

function loaded() {
  hashes ??= import(new URL("../../../noble-hashes/sha2.js", import.meta.url).href);
  return hashes;
}

/** @param {Uint8Array} bytes */
async function checksum(bytes) {
  const { sha256 } = await loaded();
  return `sha256 ${btoa(String.fromCharCode(...sha256(bytes)))}`;
}

/** @param {unknown} body */
async function bytesOf(body) {
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  return body instanceof Uint8Array ? body : null;
}

/**
 * Return what makes the requests of tus-js-client.
 *
 * @returns {import("tus-js-client").HttpStack}
 */
export function checkedRequests() {
  const plain = new window.tus.DefaultHttpStack({});
  return {
    getName: () => "checked",
    createRequest: (method, url) => {
      const request = plain.createRequest(method, url);
      const send = request.send.bind(request);
      request.send = async (body) => {
        const bytes = method === "PATCH" ? await bytesOf(body) : null;
        if (bytes?.length) request.setHeader("Upload-Checksum", await checksum(bytes));
        return send(body);
      };
      return request;
    },
  };
}

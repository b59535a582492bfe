// A page that has nothing to show without the model's file loads itself anew when the head of the page has got one.

function isThere() {
  return document.getElementById("download") !== null;
}

if (!isThere()) {
  document.addEventListener("htmx:afterSwap", () => {
    if (isThere()) location.reload();
  });
}

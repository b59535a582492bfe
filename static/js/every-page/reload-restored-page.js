// Some browsers bring a page back as it was, also one that they must not keep. Who is signed in now is the server's to say.

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

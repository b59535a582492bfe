// Shows every time of the server in the reader's own zone.

const format = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });

function localise(root) {
  root.querySelectorAll("time[datetime]").forEach((time) => {
    time.textContent = format.format(new Date(time.dateTime));
  });
}

localise(document);
document.addEventListener("htmx:afterSwap", (event) => localise(event.detail.target));

// Tells a person who looks elsewhere that a training has ended: by the window's title and, where the person asked for it
// in this browser, by a notification. All words come from the server.

const WANTED = "ftcml-tell-me";
const TOLD = "ftcml-told";
const TOLD_ENDS_KEPT = 100;

const control = document.querySelector("[data-tell-me]");

function waits() {
  return "hiddenSeconds" in document.getElementById("refresh").dataset;
}

function situation() {
  if (!window.isSecureContext || !("Notification" in window)) return "missing";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem(WANTED) ? "wanted" : "unwanted";
}

function showControl() {
  const present = situation();
  const button = control.querySelector("button");
  control.hidden = !waits();
  button.hidden = present === "missing" || present === "denied";
  button.setAttribute("aria-pressed", present === "wanted");
  control.querySelectorAll("[data-case]").forEach((words) => (words.hidden = words.dataset.case !== present));
}

async function changeWish() {
  if (situation() === "wanted") localStorage.removeItem(WANTED);
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(WANTED, "yes");
  showControl();
}

// Every end counts as told once it was seen, in whichever tab: whoever asks later is not told of what is over.
function isNew(end) {
  const told = JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  if (told.includes(end)) return false;
  localStorage.setItem(TOLD, JSON.stringify([...told, end].slice(-TOLD_ENDS_KEPT)));
  return true;
}

function tell({ end, headline, words, address }) {
  if (!isNew(end) || situation() !== "wanted") return;
  const notification = new Notification(headline, { body: words, tag: `ftcml-${end}` });
  notification.addEventListener("click", () => {
    window.focus();
    location.assign(address);
  });
}

function read() {
  const { title } = document.getElementById("news").dataset;
  if (document.title !== title) document.title = title;
  document.querySelectorAll("#ends [data-end]").forEach((end) => tell(end.dataset));
  showControl();
}

if (control) {
  control.querySelector("button").addEventListener("click", changeWish);
  document.getElementById("list").addEventListener("htmx:afterSwap", read);
  read();
}

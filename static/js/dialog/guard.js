// Asks before something unfinished is thrown away, such as a running upload or passwords that are shown once. An element with
// data-guard guards what it stands in while it isn't hidden: its value says what would be lost.

import { byId, closest, find, query } from "../shared/elements.js";

/** @param {ParentNode} root */
function guard(root) {
  return query(root, "[data-guard]:not([hidden])", HTMLElement);
}

/**
 * Call `leave`: at once, or when the person has said so where something in `root` is unfinished.
 *
 * @param {ParentNode} root
 * @param {() => void} leave
 */
export function leaveOrAsk(root, leave) {
  const unfinished = guard(root);
  if (!unfinished) return leave();
  const question = byId("leave-dialog", HTMLDialogElement);
  if (question.open) return;
  find(question, "#leave-what", HTMLElement).textContent = unfinished.dataset.guard ?? "";
  question.returnValue = "stay";
  question.addEventListener("close", () => question.returnValue === "leave" && leave(), { once: true });
  question.showModal();
}

/**
 * Take the question back once nothing in `root` is unfinished any more.
 *
 * @param {ParentNode} root
 */
export function forgetQuestion(root) {
  const question = query(document, "#leave-dialog", HTMLDialogElement);
  if (question?.open && !guard(root)) question.close("stay");
}

document.addEventListener("click", (event) => {
  const answer = closest(event.target, "[data-leave]", HTMLElement)?.dataset.leave;
  if (answer) byId("leave-dialog", HTMLDialogElement).close(answer);
});

// The browser asks in its own words when the whole page is left.
addEventListener("beforeunload", (event) => {
  if (guard(document)) event.preventDefault();
});

// A menu made of <details> closes on a click elsewhere or on a link in it, and on Escape.

const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  const { target } = event;
  menus().forEach((menu) => (menu.contains(target) && !target.closest("a")) || menu.removeAttribute("open"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
});

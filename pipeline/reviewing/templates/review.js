// Keys: n, s, d, u choose a verdict and save; the arrows go to the previous and the next one.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input")) return;
  const choices = { n: ["said", "nothing"], s: ["verdict", "same"], d: ["verdict", "different"], u: ["verdict", "unsure"] };
  const choice = choices[event.key];
  const form = document.getElementById("verdict");
  if (choice) {
    const button = form.querySelector(`input[name="${choice[0]}"][value="${choice[1]}"]`);
    if (button) { button.checked = true; form.requestSubmit(); }
  }
  const link = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (link && !event.target.closest(".paper")) document.querySelector(`a[rel="${link}"]`)?.click();
});

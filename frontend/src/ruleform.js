// The form of a rule: a button that adds or takes away a line says so in the hidden field «act», and the form is asked anew.
export function startRuleForm() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-rule-form] [data-act]");
    if (!button) return;
    const form = button.closest("form");
    const act = form.querySelector("[data-act-value]");
    act.value = button.dataset.act;
    act.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // an answer to what was typed before must not undo what is being typed now: leaving that field asks again
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.target;
    if (!form?.matches?.("[data-rule-form]")) return;
    const typed = [...form.elements].filter(({ type, tagName }) => type === "text" || tagName === "TEXTAREA");
    if (typed.some(({ name, value }) => detail.requestConfig.formData.get(name) !== value)) detail.shouldSwap = false;
  });
}

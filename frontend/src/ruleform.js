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
}

"use strict";
// What a page can do once a script may run: sort, filter, and print what is folded.
for (const table of document.querySelectorAll("table:not(.ordered)")) {
  const body = table.tBodies[0], last = body.rows[body.rows.length - 1];
  const total = last && last.cells[0].textContent.startsWith("= ") ? last : null;
  const rows = () => [...body.rows].filter((row) => row !== total);
  const key = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent;
  [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = rows().sort((a, b) =>
        key(a, at).localeCompare(key(b, at), "en", { numeric: true }) ||
        0);
      if (body.rows[0].cells[at].dataset.value !== undefined)
        order.sort((a, b) => key(a, at) - key(b, at));
      body.append(...(down ? order.reverse() : order), ...(total ? [total] : []));
    });
  });
  if (body.rows.length < 9) continue;
  const label = document.createElement("label"), input = document.createElement("input");
  label.className = "filter";
  input.type = "search";
  label.append("Filter " + table.caption.textContent.toLowerCase(), input);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of rows()) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

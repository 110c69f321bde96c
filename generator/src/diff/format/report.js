const rows = Array.from(document.querySelectorAll("#findings tr"));
const words = rows.map((row) => row.cells[2].textContent.toLowerCase());
function filter() {
  const on = (name) => new Set(Array.from(document.querySelectorAll(`input[name=${name}]:checked`), (box) => box.value));
  const wire = on("wire"), rust = on("rust"), search = document.getElementById("search").value.trim().toLowerCase();
  let count = 0;
  rows.forEach((row, index) => {
    row.hidden = !(wire.has(row.dataset.wire) && rust.has(row.dataset.rust) && words[index].includes(search));
    if (!row.hidden) count += 1;
  });
  document.getElementById("count").textContent = `${count} of ${rows.length}`;
}
const form = document.getElementById("filter");
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();

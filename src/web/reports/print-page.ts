/** Prints in the light: charts are redrawn in its colours first, which takes a moment. */
export async function printPage(): Promise<void> {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = 'light';
  await new Promise((resolve) => setTimeout(resolve, 300));
  window.print();
  if (before === undefined) delete dataset.theme;
  else dataset.theme = before;
}

/**
 * Which row is selected after a directory was opened or closed at `toggled`, and the list became longer by `growth` rows
 * (shorter, where negative). What was selected in a directory that closes gives way to the directory.
 */
export function selectionAfterToggle(selected: number, toggled: number, growth: number): number {
  if (selected <= toggled) return selected;
  if (growth < 0 && selected <= toggled - growth) return toggled;
  return selected + growth;
}

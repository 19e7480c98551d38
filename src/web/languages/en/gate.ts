/** The panel of whoever stands at a gate. */
export const gate = {
  nothing: 'No vehicle has come here yet.',
  choose: 'Choose the camera of your gate.',
  allowed: 'Allowed',
  notListed: 'Not on a list',
  open: 'Open',
  hold: 'Hold for a second, or press Enter twice',
  again: 'Press Enter again to open',
  reason: 'Reason',
  by: 'Opens',
  noChannel: 'No channel opens a gate. Whoever may change channels allows it there.',
  handed: (channel: string) => `The opening was handed to “${channel}”.`,
  rules: 'Which rules allow',
  rulesHint: 'Kept on this device. With none chosen, every rule that found an entry of a list allows.',
  noRules: 'No rule has matched yet.',
};

/** The texts of searches that are kept, and of how to search. */
export const en = {
  'searching.alert': 'Tell me when something new fits',
  'searching.alertHint': 'As a notification, and by mail if you asked for that in the settings.',
  'searching.alertOf': 'Alert of “{name}”',
  'searching.change': 'Change saved search',
  'searching.changeOf': 'Change “{name}”',
  'searching.everywhere': 'All workspaces',
  'searching.forget': 'Delete “{name}”',
  'searching.forgotten': '“{name}” was deleted.',
  'searching.help': 'How to search more precisely',
  'searching.none':
    'Results come as you type. A search that you need again can be saved, and tell you of what is new.',
  'searching.op.after': 'changed on this day or later',
  'searching.op.author': 'by you; or by somebody’s e-mail address',
  'searching.op.before': 'changed before this day',
  'searching.op.phrase': 'these words in this order',
  'searching.op.tag': 'with this tag',
  'searching.op.title': 'in the title',
  'searching.query': 'What to look for',
  'searching.save': 'Save search',
  'searching.saved': '“{name}” is saved.',
  'searching.title': 'Saved searches',
  'searching.where': 'Workspace'
} as const;

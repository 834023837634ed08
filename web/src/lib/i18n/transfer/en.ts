/** The texts of bringing in and taking out. */
export const en = {
  'transfer.calendar': 'Import or export the calendar',
  'transfer.calendarWorking': 'One moment…',
  'transfer.chooseFiles': 'Choose a zip or Markdown files',
  'transfer.chooseFolder': 'Choose a folder',
  'transfer.chooseOther': 'Choose something else',
  'transfer.collections': { one: '{n} collection', other: '{n} collections' },
  'transfer.connections': { one: '{n} connection', other: '{n} connections' },
  'transfer.events': { one: '{n} event', other: '{n} events' },
  'transfer.eventsCame': { one: '{n} event came in.', other: '{n} events came in.' },
  'transfer.export': 'Export the workspace',
  'transfer.exportAction': 'Export',
  'transfer.exportIcs': 'Export as .ics',
  'transfer.exportText':
    'You get a zip: every note as Markdown, all files, and a list of the rest. It can be imported here again, and read anywhere else.',
  'transfer.exportWaiting': {
    one: '{n} edit of yours is not saved yet and will not be in it.',
    other: '{n} edits of yours are not saved yet and will not be in it.'
  },
  'transfer.exported': 'Done: {size}. Your browser has saved it.',
  'transfer.exporting': 'Packing… {size} so far',
  'transfer.files': { one: '{n} file', other: '{n} files' },
  'transfer.goesOn': 'All is sent. The server brings it in even if you close this.',
  'transfer.import': 'Import',
  'transfer.importIcs': 'Import an .ics file',
  'transfer.importText':
    'Drop an export of NoteVault, a zip of Markdown, or Markdown files here. Folders become collections, pictures come along.',
  'transfer.imported': 'It is in your workspace:',
  'transfer.importedNothing': 'There was nothing to bring in.',
  'transfer.more': 'Import more',
  'transfer.notes': { one: '{n} note', other: '{n} notes' },
  'transfer.nothingCame': 'Look at the workspace before you try again: what was under way may have come.',
  'transfer.packing': 'Packing…',
  'transfer.feed': 'Subscribe from another program',
  'transfer.sending': 'Sending…',
  'transfer.skipped': { one: '{n} left out', other: '{n} left out' },
  'transfer.threads': { one: '{n} comment thread', other: '{n} comment threads' },
  'transfer.working': 'Bringing it in…'
} as const;

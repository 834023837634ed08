/** The texts of words that found no place in their note. */
export const en = {
  'drafts.compare': 'Show my text',
  'drafts.copyOf': '{name} (my version)',
  'drafts.discard': 'Discard',
  'drafts.discarded': 'Your version was discarded.',
  'drafts.insert': 'Add at the end',
  'drafts.inserted': 'Your text stands at the end of the note.',
  'drafts.keep': 'Keep as new note',
  'drafts.kept': 'It is a note of its own now: “{name}”.',
  'drafts.look': 'Look at it',
  'drafts.mine': 'Mine',
  'drafts.noClipboard': 'This browser does not let the page copy. Select the text, or save it.',
  'drafts.open': 'Open the note',
  'drafts.save': 'Save as a file',
  'drafts.server': 'In the note now',
  'drafts.text': 'They are kept on this device until you decide.',
  'drafts.title': 'Words that found no place',
  'drafts.waiting': {
    one: '{n} text of yours found no place in its note. It is kept here.',
    other: '{n} texts of yours found no place in their notes. They are kept here.'
  }
} as const;

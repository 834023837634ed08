import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'searching.alert': 'Sag mir, wenn etwas Neues passt',
  'searching.alertHint': 'Als Benachrichtigung, und per Mail, wenn du das in den Einstellungen willst.',
  'searching.alertOf': 'Meldung von „{name}“',
  'searching.change': 'Gespeicherte Suche ändern',
  'searching.changeOf': '„{name}“ ändern',
  'searching.everywhere': 'Alle Bereiche',
  'searching.forget': '„{name}“ löschen',
  'searching.forgotten': '„{name}“ wurde gelöscht.',
  'searching.help': 'Genauer suchen',
  'searching.none':
    'Ergebnisse kommen beim Tippen. Eine Suche, die du wieder brauchst, kannst du speichern; sie kann dir Neues melden.',
  'searching.op.after': 'an diesem Tag oder später geändert',
  'searching.op.author': 'von dir; oder von jemandes E-Mail-Adresse',
  'searching.op.before': 'vor diesem Tag geändert',
  'searching.op.phrase': 'diese Worte in dieser Folge',
  'searching.op.tag': 'mit diesem Schlagwort',
  'searching.op.title': 'im Titel',
  'searching.query': 'Wonach',
  'searching.save': 'Suche speichern',
  'searching.saved': '„{name}“ ist gespeichert.',
  'searching.title': 'Gespeicherte Suchen',
  'searching.where': 'Bereich'
};

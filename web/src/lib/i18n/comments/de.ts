import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'comments.add': 'Auswahl kommentieren',
  'comments.addShort': 'Kommentar',
  'comments.addToNote': 'Die ganze Notiz kommentieren',
  'comments.bar': 'Für die Auswahl',
  'comments.close': 'Kommentare schließen',
  'comments.count': { one: 'Kommentare: {n} offen', other: 'Kommentare: {n} offen' },
  'comments.delete': 'Kommentar löschen',
  'comments.deleteThread': 'Diskussion löschen',
  'comments.edit': 'Kommentar bearbeiten',
  'comments.edited': 'bearbeitet',
  'comments.emptyText': 'Wähle Worte im Text aus und drücke Strg+Alt+M, oder kommentiere die ganze Notiz.',
  'comments.emptyTitle': 'Keine Kommentare',
  'comments.emptyViewer': 'Kommentare anderer erscheinen hier.',
  'comments.formerMember': 'Ehemaliges Mitglied',
  'comments.more': 'Mehr',
  'comments.nothingToAnchor':
    'Die ausgewählten Worte sind weg oder noch nicht gespeichert. Dein Kommentar steht noch hier.',
  'comments.onNote': 'Zur ganzen Notiz',
  'comments.orphan': 'Worum es hier ging, wurde gelöscht.',
  'comments.people': 'Personen',
  'comments.reopen': 'Wieder öffnen',
  'comments.reply': 'Antworten',
  'comments.resolve': 'Erledigt',
  'comments.resolved': 'Die Diskussion ist erledigt.',
  'comments.resolvedBy': 'Erledigt von {name}',
  'comments.send': 'Kommentieren',
  'comments.show': 'Im Text zeigen',
  'comments.showOpen': 'Offene zeigen',
  'comments.showResolved': { one: '{n} erledigt', other: '{n} erledigt' },
  'comments.threadOf': 'Diskussion von {name}',
  'comments.title': 'Kommentare',
  'comments.write': 'Kommentar schreiben'
};

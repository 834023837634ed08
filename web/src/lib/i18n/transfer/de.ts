import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'transfer.calendar': 'Kalender importieren oder exportieren',
  'transfer.calendarWorking': 'Einen Moment…',
  'transfer.chooseFiles': 'Zip oder Markdown-Dateien wählen',
  'transfer.chooseFolder': 'Ordner wählen',
  'transfer.chooseOther': 'Etwas anderes wählen',
  'transfer.collections': { one: '{n} Sammlung', other: '{n} Sammlungen' },
  'transfer.connections': { one: '{n} Verbindung', other: '{n} Verbindungen' },
  'transfer.events': { one: '{n} Termin', other: '{n} Termine' },
  'transfer.eventsCame': { one: '{n} Termin übernommen.', other: '{n} Termine übernommen.' },
  'transfer.export': 'Bereich exportieren',
  'transfer.exportAction': 'Exportieren',
  'transfer.exportIcs': 'Als .ics exportieren',
  'transfer.exportText':
    'Du bekommst ein Zip: jede Notiz als Markdown, alle Dateien und eine Liste des Übrigen. Es kann hier wieder importiert und überall sonst gelesen werden.',
  'transfer.exportWaiting': {
    one: '{n} Änderung von dir ist noch nicht gespeichert und fehlt darin.',
    other: '{n} Änderungen von dir sind noch nicht gespeichert und fehlen darin.'
  },
  'transfer.exported': 'Fertig: {size}. Dein Browser hat es gespeichert.',
  'transfer.exporting': 'Wird gepackt… bisher {size}',
  'transfer.files': { one: '{n} Datei', other: '{n} Dateien' },
  'transfer.goesOn': 'Alles ist gesendet. Der Server übernimmt es, auch wenn du dies schließt.',
  'transfer.import': 'Importieren',
  'transfer.importIcs': 'Eine .ics-Datei importieren',
  'transfer.importText':
    'Lege einen Export von NoteVault, ein Zip mit Markdown oder Markdown-Dateien hier ab. Ordner werden Sammlungen, Bilder kommen mit.',
  'transfer.imported': 'Es ist in deinem Bereich:',
  'transfer.importedNothing': 'Es gab nichts zu übernehmen.',
  'transfer.more': 'Mehr importieren',
  'transfer.notes': { one: '{n} Notiz', other: '{n} Notizen' },
  'transfer.nothingCame':
    'Sieh im Bereich nach, bevor du es erneut versuchst: Ein Teil kann angekommen sein.',
  'transfer.packing': 'Wird gepackt…',
  'transfer.feed': 'Aus einem anderen Programm abonnieren',
  'transfer.sending': 'Wird gesendet…',
  'transfer.skipped': { one: '{n} ausgelassen', other: '{n} ausgelassen' },
  'transfer.threads': { one: '{n} Diskussion', other: '{n} Diskussionen' },
  'transfer.working': 'Wird übernommen…'
};

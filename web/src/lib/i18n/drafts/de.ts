import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'drafts.compare': 'Meinen Text zeigen',
  'drafts.copyOf': '{name} (meine Fassung)',
  'drafts.discard': 'Verwerfen',
  'drafts.discarded': 'Deine Fassung wurde verworfen.',
  'drafts.insert': 'Am Ende anfügen',
  'drafts.inserted': 'Dein Text steht am Ende der Notiz.',
  'drafts.keep': 'Als neue Notiz behalten',
  'drafts.kept': 'Es ist jetzt eine eigene Notiz: „{name}“.',
  'drafts.look': 'Ansehen',
  'drafts.mine': 'Meine',
  'drafts.noClipboard':
    'Dieser Browser lässt die Seite nicht kopieren. Wähle den Text aus oder speichere ihn.',
  'drafts.open': 'Notiz öffnen',
  'drafts.save': 'Als Datei speichern',
  'drafts.server': 'Jetzt in der Notiz',
  'drafts.text': 'Sie bleiben auf diesem Gerät, bis du entscheidest.',
  'drafts.title': 'Worte ohne Platz',
  'drafts.waiting': {
    one: '{n} Text von dir fand keinen Platz in seiner Notiz. Er ist hier aufbewahrt.',
    other: '{n} Texte von dir fanden keinen Platz in ihren Notizen. Sie sind hier aufbewahrt.'
  }
};

import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'feed.end': 'Adresse beenden',
  'feed.ended': 'Die Adresse gilt nicht mehr.',
  'feed.make': 'Adresse erstellen',
  'feed.made': 'Kopiere die Adresse jetzt. Sie wird nur dieses eine Mal gezeigt.',
  'feed.none': 'Es gibt keine Adresse, die enden könnte.',
  'feed.renew': 'Neue erstellen',
  'feed.text':
    'Kalenderprogramme können diesem Kalender an einer geheimen Adresse folgen. Wer die Adresse hat, kann den Kalender lesen. Eine neue Adresse beendet die vorige.',
  'feed.title': 'Geheime Adresse des Kalenders',
  'webhook.add': 'Webhook hinzufügen',
  'webhook.address': 'Adresse',
  'webhook.attempt': 'Versuch {n}',
  'webhook.begins': 'Wieder an, wird ihm gesagt, was von jetzt an geschieht.',
  'webhook.delete': 'Webhook löschen',
  'webhook.deleteNamed': 'Den Webhook an {url} löschen',
  'webhook.deleteText': 'Dieser Adresse wird nichts mehr gesagt.',
  'webhook.deleteTitle': 'Den Webhook an „{url}“ löschen?',
  'webhook.deliveries': 'Zustellungen',
  'webhook.deliveriesNamed': 'Zustellungen an {url}',
  'webhook.empty':
    'Noch keine Webhooks. Eine Adresse, die du hinzufügst, erfährt, was im Arbeitsbereich geschieht.',
  'webhook.everything': 'Alles',
  'webhook.failing': 'Hintereinander aufgegebene Zustellungen: {n}',
  'webhook.isOff': 'Aus',
  'webhook.isOn': 'An',
  'webhook.kinds': 'Was er erfährt',
  'webhook.kinds.calendar': 'Kalender',
  'webhook.kinds.chat': 'Chat',
  'webhook.kinds.comments': 'Kommentare',
  'webhook.kinds.files': 'Dateien',
  'webhook.kinds.members': 'Mitglieder',
  'webhook.kinds.notes': 'Notizen',
  'webhook.none': 'Noch nichts zugestellt.',
  'webhook.noAnswer': 'Keine Antwort',
  'webhook.noWorkspace': 'Webhooks gehören zu Arbeitsbereichen, die du verwaltest. Es gibt noch keinen.',
  'webhook.refresh': 'Noch einmal nachsehen',
  'webhook.secret':
    'Kopiere das Geheimnis jetzt. Es wird nur dieses eine Mal gezeigt und unterschreibt jede Zustellung.',
  'webhook.switchOff': 'Ausschalten',
  'webhook.switchOn': 'Einschalten',
  'webhook.took': '{n} ms',
  'webhook.workspace': 'Arbeitsbereich'
};

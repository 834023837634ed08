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
  'webhook.arrived': 'Angekommen',
  'webhook.failed': 'Nicht angekommen',
  'webhook.happened.NOT_HTTP': 'Was geantwortet hat, spricht kein HTTP. Stimmt der Port?',
  'webhook.happened.NOT_PUBLIC':
    'Diese Adresse liegt in einem privaten Netz, dorthin ruft dieser Server nicht. Nimm eine öffentliche.',
  'webhook.happened.NO_CONNECTION':
    'Unter dieser Adresse antwortet niemand. Ist sie richtig geschrieben, läuft der Empfänger, und gilt sein Zertifikat?',
  'webhook.happened.TOO_SLOW':
    'Der Empfänger hat zu lange gebraucht. Er soll erst antworten und dann arbeiten.',
  'webhook.happened.broken':
    'Der Empfänger hatte selbst einen Fehler oder war ausgelastet ({status}). Sein eigenes Protokoll sagt mehr.',
  'webhook.happened.moved': 'Es hat geantwortet, dass es umgezogen ist ({status}). Ändere die Adresse.',
  'webhook.happened.nothing': 'Unter dieser Adresse gibt es nichts ({status}). Ist sie richtig geschrieben?',
  'webhook.happened.other':
    'Der Empfänger hat das nicht angenommen ({status}). Sein eigenes Protokoll sagt mehr.',
  'webhook.happened.refused':
    'Es wurde abgelehnt ({status}). Prüft der Empfänger mit dem Geheimnis dieses Webhooks?',
  'webhook.notAgain': 'Von selbst wird es nicht mehr versucht. Sende es noch einmal, wenn das behoben ist.',
  'webhook.tryAgain': 'Es wird von selbst noch einmal versucht: {time}.',
  'webhook.add': 'Webhook hinzufügen',
  'webhook.address': 'Adresse',
  'webhook.attempt': 'Versuch {n}',
  'webhook.begins': 'Wieder an, wird ihm gesagt, was von jetzt an geschieht.',
  'webhook.change': 'Webhook ändern',
  'webhook.changeNamed': 'Webhook ändern: {url}',
  'webhook.delete': 'Webhook löschen',
  'webhook.deleteNamed': 'Webhook löschen: {url}',
  'webhook.deleteText': 'Dieser Adresse wird nichts mehr gesagt.',
  'webhook.deleteTitle': 'Den Webhook an „{url}“ löschen?',
  'webhook.deliveries': 'Zustellungen',
  'webhook.deliveriesNamed': 'Zustellungen an {url}',
  'webhook.empty':
    'Noch keine Webhooks. Eine Adresse, die du hinzufügst, erfährt, was im Arbeitsbereich geschieht.',
  'webhook.everything': 'Alles',
  'webhook.failing': 'Hintereinander aufgegebene Zustellungen: {n}',
  'webhook.isAgain': 'noch einmal gesendet',
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
  'webhook.noWorkspace': 'Webhooks gehören zu Arbeitsbereichen, die du verwaltest. Es gibt noch keinen.',
  'webhook.refresh': 'Noch einmal nachsehen',
  'webhook.secret':
    'Kopiere das Geheimnis jetzt. Es wird nur dieses eine Mal gezeigt und unterschreibt jede Zustellung.',
  'webhook.sendAgain': 'Noch einmal senden',
  'webhook.sendAgainNamed': 'Noch einmal senden: Zustellung bis #{seq}, {time}',
  'webhook.sentAgain': 'Noch einmal gesendet. Wie es ging, steht oben in der Liste.',
  'webhook.switchOff': 'Ausschalten',
  'webhook.switchOn': 'Einschalten',
  'webhook.took': '{n} ms',
  'webhook.workspace': 'Arbeitsbereich'
};

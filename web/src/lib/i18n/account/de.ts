import type { CatalogOf } from '../messages';
import type { en } from './en';

export const de: CatalogOf<typeof en> = {
  'account.askAgain': 'Neue Mail anfordern',
  'account.backToSignIn': 'Zurück zur Anmeldung',
  'account.chooseHint': 'Du wirst überall abgemeldet, und deine API-Tokens enden.',
  'account.choosePassword': 'Neues Passwort wählen',
  'account.code': 'Code',
  'account.codeHint': 'Sechs Ziffern aus deiner Authenticator-App oder einer deiner Wiederherstellungscodes.',
  'account.codeWrong': 'Dieser Code ist falsch oder wurde schon benutzt.',
  'account.forgotHint': 'Wir schicken dir einen Link, über den du ein neues wählst.',
  'account.forgotSend': 'Link schicken',
  'account.forgotSent':
    'Wenn es ein Konto mit {email} gibt, ist eine Mail unterwegs. Sieh auch im Spam-Ordner nach.',
  'account.join': 'Beitreten',
  'account.joinInvited': '{name} lädt dich in „{workspace}“ ein. Deine Rolle: {role}.',
  'account.joinLink': 'Mit diesem Link kannst du „{workspace}“ beitreten. Deine Rolle: {role}.',
  'account.joinSignIn': 'Melde dich an, um beizutreten, oder erstelle ein Konto.',
  'account.joinTitle': 'Einem Bereich beitreten',
  'account.linkGone':
    'Dieser Link gilt nicht mehr: Er wurde benutzt oder zurückgenommen, oder seine Zeit ist um.',
  'account.linkGoneAsk': 'Bitte die Person, von der du ihn hast, um einen neuen.',
  'account.linkGoneTitle': 'Dieser Link gilt nicht mehr',
  'account.passwordSet': 'Dein neues Passwort gilt. Melde dich damit an.',
  'account.verified': 'Deine Adresse ist bestätigt.',
  'account.verifyAgain': 'Neue Mail schicken',
  'account.verifyAgainSent': 'Eine neue Mail ist unterwegs.',
  'account.verifySignIn': 'Melde dich an, um eine neue Mail zu bekommen.',
  'account.verifyTitle': 'Adresse bestätigen'
};

/** The texts of signing in by code and of the pages that links in mails lead to. */
export const en = {
  'account.askAgain': 'Ask for another mail',
  'account.backToSignIn': 'Back to sign in',
  'account.chooseHint': 'You will be signed out everywhere, and your API tokens end.',
  'account.choosePassword': 'Choose a new password',
  'account.code': 'Code',
  'account.codeHint': 'Six digits of your authenticator app, or one of your recovery codes.',
  'account.codeWrong': 'This code is wrong or was used already.',
  'account.forgotHint': 'We send you a link by which you choose a new one.',
  'account.forgotSend': 'Send the link',
  'account.forgotSent':
    'If there is an account with {email}, a mail is on its way. Look into the spam folder too.',
  'account.join': 'Join',
  'account.joinInvited': '{name} invites you to “{workspace}”. Your role: {role}.',
  'account.joinLink': 'This link lets you join “{workspace}”. Your role: {role}.',
  'account.joinSignIn': 'Sign in to join, or create an account.',
  'account.joinTitle': 'Join a workspace',
  'account.linkGone': 'This link is not good any more: it was used or taken back, or its time is over.',
  'account.linkGoneAsk': 'Ask whoever gave it to you for a new one.',
  'account.linkGoneTitle': 'This link has ended',
  'account.passwordSet': 'Your new password is set. Sign in with it.',
  'account.verified': 'Your address is confirmed.',
  'account.verifyAgain': 'Send another mail',
  'account.verifyAgainSent': 'Another mail is on its way.',
  'account.verifySignIn': 'Sign in to get another mail.',
  'account.verifyTitle': 'Confirm your address'
} as const;

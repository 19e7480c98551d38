import type { Messages } from '../messages.ts';

/** Signing in, and choosing a password by a one-time link. */
export const entrance = {
  signIn: 'Anmelden',
  signInWith: (provider) => `Mit ${provider} anmelden`,
  name: 'Benutzername',
  password: 'Passwort',
  code: 'Bestätigungscode',
  codeHint: 'Sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode',
  notSetUp: 'Es gibt noch kein Konto.',
  notSetUpHow:
    'Öffnen Sie den Link, den `npm start` ausgegeben hat. Wenn Sie ihn nicht mehr haben, legt `npx alpr users add` ein Konto an.',
  firstAccount: 'Das erste Konto',
  firstAccountMeans: 'Dieses Konto verwaltet das System: Es sieht alles und legt weitere Konten an.',
  choosePassword: (name) => `Passwort wählen, ${name}`.replace(/, $/, ''),
  refused: 'Der Anbieter hat Sie nicht angemeldet.',
  choosePasswordMeans: 'Dieser Link gilt einmal. Danach melden Sie sich mit Benutzername und Passwort an.',
  create: 'Konto anlegen',
  savePassword: 'Passwort speichern',
  newPassword: 'Neues Passwort',
  passwordHint: (least) => `Mindestens ${least} Zeichen; am leichtesten merkt man sich einen Satz`,
  again: 'Passwort wiederholen',
  differs: 'Die Passwörter stimmen nicht überein.',
  linkOver: 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
  linkOverHow: 'Einen neuen gibt Ihnen die Administration, oder auf dem Server der Befehl `npx alpr users reset NAME`.',
} satisfies Messages['entrance'];

/** One's own account. */
export const account = {
  preferences: 'Sprache und Zeit',
  language: 'Sprache',
  browserLanguage: 'Sprache des Browsers',
  timeZone: 'Zeitzone',
  timeNow: (moment) => `Leer lassen, um die Zeitzone des Browsers zu verwenden. Jetzt: ${moment}`,
  unknownZone: 'Diese Zeitzone gibt es nicht. Ein Beispiel ist Europe/Berlin.',
  save: 'Speichern',
  oldPassword: 'Aktuelles Passwort',
  yourPassword: 'Ihr Passwort',
  changePassword: 'Passwort ändern',
  passwordChanged: 'Das Passwort wurde geändert. Alle anderen Sitzungen sind beendet.',
  secondFactor: 'Zweiter Faktor',
  secondFactorOn: 'Zum Anmelden brauchen Sie auch einen Code Ihrer Authenticator-App.',
  secondFactorOff: 'Mit einer Authenticator-App reicht ein gestohlenes Passwort allein nicht zum Anmelden.',
  secondFactorMissing:
    'Hier ist ein zweiter Faktor vorgeschrieben. Schalten Sie ihn unten ein; vorher können Sie nichts anderes nutzen.',
  turnOn: 'Einschalten',
  turnOff: 'Ausschalten',
  scan: 'Scannen Sie dies mit Ihrer Authenticator-App und geben Sie dann den angezeigten Code ein.',
  qrCode: 'QR-Code für eine Authenticator-App',
  orType: 'Oder eintippen:',
  confirm: 'Bestätigen',
  recoveryCodes:
    'Der zweite Faktor ist eingeschaltet. Bewahren Sie diese Wiederherstellungscodes dort auf, wo Sie sie auch ohne Ihr Telefon finden. Jeder gilt einmal; sie werden nicht noch einmal angezeigt.',
  codesKept: 'Ich habe sie aufbewahrt',
  sessions: 'Wo Sie angemeldet sind',
  thisOne: 'dieser hier',
  unknownProgram: 'Unbekanntes Programm',
  usedFrom: (address, when) => `${address}, zuletzt benutzt ${when}`,
  end: 'Abmelden',
  endOf: (name) => `Abmelden: ${name}`,
  endOthers: 'Überall sonst abmelden',
} satisfies Messages['account'];

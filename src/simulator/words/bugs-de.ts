/** German phrases for bugs, in the same form as the English ones. Data only. */
import type { BugPhrases } from './phrases.ts'

export const GERMAN: BugPhrases = {
  symptoms: {
    low: ['springt auf den alten Wert zurück', 'reagiert erst beim zweiten Tippen', 'erscheint sehr spät', 'verliert den Fokus', 'vergisst die letzte Auswahl', 'zählt eins zu viel'],
    high: ['reagiert nicht', 'zeigt eine Fehlermeldung', 'lädt endlos', 'bleibt leer', 'speichert den falschen Wert', 'ist nicht erreichbar', 'führt zurück zur Startseite', 'erscheint doppelt'],
    critical: ['bringt die App zum Absturz', 'blockiert die ganze Seite', 'löscht alle Eingaben', 'bucht den Betrag doppelt ab', 'meldet den Nutzer ab'],
    visual: ['ist abgeschnitten', 'überlappt den Text daneben', 'ist verschoben', 'hat zu wenig Kontrast', 'läuft über den Rand hinaus'],
    content: ['ist nicht übersetzt', 'zeigt einen Platzhalter', 'enthält einen veralteten Text', 'nennt den falschen Monat', 'zeigt ein kaputtes Bild'],
    custom: ['hat keinen zugänglichen Namen', 'wird vom Screenreader nicht vorgelesen', 'ist mit der Tastatur nicht erreichbar'],
    other: ['könnte leichter zu finden sein', 'enthält einen Tippfehler'],
  },
  conditions: ['nach dem Neuladen', 'bei langsamer Verbindung', 'nach dem Drehen des Geräts', 'im dunklen Modus', 'bei geöffneter Tastatur', 'als Gast', 'mit langem Namen', 'nach dem Zurückgehen', 'beim ersten Besuch', 'mit Umlauten wie ÄÖÜß'],
  openings: ['{product} öffnen', '{product} starten und Cookies akzeptieren'],
  steps: ['Mit dem Konto aus der Anleitung anmelden', 'Zu {feature} gehen: {place}', 'Warten, bis alles geladen ist', 'Zurückgehen und {feature} erneut öffnen', 'Etwas ändern und speichern', 'Zu einer anderen App wechseln und zurückkehren',
    'Bis ans Ende der Seite scrollen', 'Das Ganze noch einmal machen', 'Einen langen Text mit Sonderzeichen eingeben (ä, ß, é, 😀)', 'Das Gerät drehen'],
  lookings: ['{thing} ansehen', '{thing} beobachten'],
  actual: ['{thing} {symptom} {condition}.', 'Es passiert jedes Mal, auch nach einem Neustart und mit einem zweiten Konto.', 'Keine Meldung sagt, was schiefgelaufen ist, und die Seite muss neu geladen werden.',
    'Beim ersten Mal klappt es, ab dem zweiten Mal: {thing} {symptom}.', 'In der Konsole steht in diesem Moment `TypeError: undefined is not an object`.', 'Im angehängten Video ist es ab Sekunde 12 zu sehen; bei schneller Verbindung ist es schwerer zu erkennen.',
    'Der Rest von {feature} lässt sich weiter benutzen, auch wenn der Zustand nicht der eingegebene ist.'],
  expected: ['{thing} funktioniert {condition} genauso wie vorher.', '{thing} behält die Eingabe, und {feature} sagt der Person, was zu tun ist.', 'Eine verständliche Meldung erscheint, wenn etwas nicht möglich ist.'],
}

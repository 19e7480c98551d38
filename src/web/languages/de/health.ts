import type { Messages, Noun } from '../messages.ts';

export const health: Messages['health'] = {
  means: 'Die letzten 24 Stunden, verglichen mit dem Üblichen.',
  share: 'Anteil gelesen',
  losses: 'Verloren, weil',
  advice: 'Rat',
  usually: (percent) => `üblich ${percent}`,
  well: 'Nichts zu tun',
  passages: ['Durchfahrt', 'Durchfahrten'] as Noun,
  spans: { 24: '24 Stunden', 168: '7 Tage' },
  now: 'Jetzt',
  weekBefore: 'Eine Woche zuvor',
  passagesByHour: 'Durchfahrten nach Stunde',
  seen: 'Gesehen',
  read: 'Gelesen',
  passagesTitle: 'Durchfahrten',
  figures: 'Werte',
  readOfSeen: 'Gelesen, von den gesehenen',
  usual: 'Üblich (Median aus 14 Tagen)',
  byDay: 'Anteil gelesen am Tag',
  byNight: 'Anteil gelesen in der Nacht',
  noPlate: 'Fahrzeuge ohne sichtbares Kennzeichen',
  confidence: 'Mittlere Sicherheit',
  doubtful: 'Erkennungen zur Prüfung',
  corrected: 'Von Personen berichtigt',
  clockOffset: 'Uhr geht vor um',
  newest: 'Neueste Erkennung',
  lostLooks: 'Verlorene Kennzeichen',
  lostLook: 'Ein Kennzeichen, das nicht gelesen wurde',
  lostLooksMean: 'Eine Stichprobe: je Grund höchstens eines pro Minute, die neuesten 20.',
  noLostLooks: 'Seit es diese Stichprobe gibt, ging kein Kennzeichen verloren.',
  pixelsHigh: (height) => `Zeichen ${height} px hoch`,
  drift: {
    title: 'Abweichung',
    means: 'Der neueste Tag verglichen mit denselben Stunden der 14 Tage davor: Anteile der Erkennungen.',
    few: 'Zu wenige Erkennungen für einen Vergleich: Nötig sind 100 vom neuesten Tag und 200 aus den 14 Tagen davor.',
    now: 'Neuester Tag',
    before: '14 Tage davor',
    changed: 'Verändert',
    between: (low, high) => `von ${low} bis ${high}`,
    below: (high) => `unter ${high}`,
    above: (low) => `ab ${low}`,
  },
  brief: {
    dayNight: (day, night) => `Tag ${day}, Nacht ${night}`,
    reads: (height, confidence, corrected) => `Zeichen ${height} px, Sicherheit ${confidence}, berichtigt ${corrected}`,
    machine: (rate, device, clock) => `${rate} Bilder/s, ${device}, Uhr ${clock} s`,
  },
  says: {
    down: (state) =>
      `Zustand der Kamera: ${state}. Prüfen Sie Strom, Netz, Adresse und Passwort; die Ansicht System zeigt die Meldung.`,
    silent: (passages) =>
      `Nichts fuhr vorbei; eine Woche zuvor waren es ${passages}. Prüfen Sie, ob die Kamera noch auf die Straße blickt und nichts sie verdeckt.`,
    fallen: (share, usual) =>
      `${share} der Durchfahrten wurden gelesen, üblich sind ${usual}. Vergleichen Sie das Bild mit einem älteren, und prüfen Sie Linse, Schärfe und Ausrichtung.`,
    loss: (reason, share, passages) => `${reason}: ${share} der Verluste (${passages}).`,
    remedies: {
      too_small: 'Zoomen Sie heran, oder montieren Sie die Kamera näher an der Straße.',
      blur: 'Belichten Sie kürzer, sorgen Sie für mehr Licht, oder stellen Sie scharf.',
      low_score:
        'Sehen Sie sich die Stichprobe an: Verringern Sie Blendung und Belichtung, reinigen Sie die Linse, oder wählen Sie einen flacheren Winkel.',
      empty:
        'Sehen Sie sich die Stichprobe an: Blenden Sie Schilder und Lampen aus, die für Kennzeichen gehalten werden.',
    },
    look: 'Sehen Sie sich die Stichprobe der verlorenen Kennzeichen an.',
    noPlate: (share, vehicles) =>
      `${share} von ${vehicles} Fahrzeugen fuhren ohne sichtbares Kennzeichen vorbei. Richten Sie die Kamera auf die Seite, die das Kennzeichen trägt.`,
    small: (height, needed) =>
      `Die Zeichen sind ${height} px hoch. Ab ${needed} px werden Kennzeichen zuverlässiger gelesen: Zoomen Sie heran, oder montieren Sie die Kamera näher.`,
    night: (night, day) =>
      `Nachts werden ${night} gelesen, am Tag ${day}. Sorgen Sie für Infrarotlicht, oder belichten Sie nachts kürzer.`,
    slow: (share, device) =>
      `${share} der Bilder werden übersprungen, um Schritt zu halten; der Detektor läuft auf ${device}. Nutzen Sie einen Beschleuniger, oder geben Sie dieser Maschine weniger Kameras.`,
    clock: (seconds) => `Die Uhr ihrer Maschine geht um ${seconds} s falsch. Stellen Sie sie über NTP.`,
    drift: {
      char_height: {
        less: (now, before, change) =>
          `Die Zeichen sind ${change} kleiner als üblich (${now} statt ${before}). Wurde die Kamera bewegt oder ihr Zoom verstellt?`,
        more: (now, before, change) =>
          `Die Zeichen sind ${change} größer als üblich (${now} statt ${before}). Wurde die Kamera bewegt oder ihr Zoom verstellt?`,
      },
      sharpness: {
        less: (now, before, change) =>
          `Die Bilder der Kennzeichen sind ${change} weniger scharf als üblich (${now} statt ${before}). Prüfen Sie Schärfe, Linse und Licht.`,
        more: (now, before, change) =>
          `Die Bilder der Kennzeichen sind ${change} schärfer als üblich (${now} statt ${before}). Hat niemand die Kamera verbessert, sehen Sie sich ihr Bild an.`,
      },
      confidence: {
        less: (now, before) =>
          `Die Erkennungen sind weniger sicher als üblich (${now} statt ${before}). Sehen Sie sich die neuesten an: schlechtere Bilder, andere Kennzeichen oder ein anderes Modell?`,
        more: (now, before) =>
          `Die Erkennungen sind sicherer als üblich (${now} statt ${before}). Hat niemand die Kamera verbessert oder das Modell gewechselt, sehen Sie sich die neuesten an.`,
      },
      region: (region, now, before) =>
        `${region}: ${now} der Erkennungen, üblich ${before}. Hat sich der Verkehr geändert oder die Richtung der Kamera?`,
      spread: (quantity) =>
        `${quantity}: Das Mittel ist wie üblich, aber die Werte verteilen sich anders. Sehen Sie sich die neuesten Erkennungen an.`,
    },
  },
};

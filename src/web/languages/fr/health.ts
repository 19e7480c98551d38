import type { Messages, Noun } from '../messages.ts';

export const health: Messages['health'] = {
  means: 'Les dernières 24 heures, comparées à l’habitude.',
  share: 'Part lue',
  losses: 'Perdues parce que',
  advice: 'Conseil',
  usually: (percent) => `d’habitude ${percent}`,
  well: 'Rien à faire',
  passages: ['passage', 'passages'] as Noun,
  spans: { 24: '24 heures', 168: '7 jours' },
  now: 'Maintenant',
  weekBefore: 'Une semaine avant',
  passagesByHour: 'Passages par heure',
  seen: 'Vus',
  read: 'Lus',
  passagesTitle: 'Les passages',
  figures: 'Chiffres',
  readOfSeen: 'Lus, parmi ceux vus',
  usual: 'D’habitude (médiane de 14 jours)',
  byDay: 'Part lue de jour',
  byNight: 'Part lue de nuit',
  noPlate: 'Véhicules sans plaque visible',
  confidence: 'Confiance moyenne',
  doubtful: 'Lectures à vérifier',
  corrected: 'Corrigées par des personnes',
  clockOffset: 'Avance de l’horloge',
  newest: 'Lecture la plus récente',
  lostLooks: 'Plaques perdues',
  lostLook: 'Une plaque qui n’a pas été lue',
  lostLooksMean: 'Un échantillon : au plus une par minute et par motif, les 20 plus récentes.',
  noLostLooks: 'Aucune plaque n’a été perdue depuis que cet échantillon est conservé.',
  pixelsHigh: (height) => `caractères de ${height} px de haut`,
  drift: {
    title: 'Dérive',
    means: 'Le jour le plus récent comparé aux mêmes heures des 14 jours précédents : parts des lectures.',
    few: 'Trop peu de lectures pour comparer : il en faut 100 du jour le plus récent et 200 des 14 jours précédents.',
    now: 'Jour le plus récent',
    before: '14 jours précédents',
    changed: 'Changé',
    between: (low, high) => `de ${low} à ${high}`,
    below: (high) => `moins de ${high}`,
    above: (low) => `${low} et plus`,
  },
  brief: {
    dayNight: (day, night) => `jour ${day}, nuit ${night}`,
    reads: (height, confidence, corrected) =>
      `caractères ${height} px, confiance ${confidence}, corrigées ${corrected}`,
    machine: (rate, device, clock) => `${rate} images/s, ${device}, horloge ${clock} s`,
  },
  says: {
    down: (state) =>
      `État de la caméra : ${state}. Vérifiez l’alimentation, le réseau, l’adresse et le mot de passe ; l’écran Système affiche le message.`,
    silent: (passages) =>
      `Rien n’est passé ; une semaine avant, il y avait ${passages}. Vérifiez que la caméra regarde encore la route et que rien ne la couvre.`,
    fallen: (share, usual) =>
      `${share} des passages ont été lus, d’habitude ${usual}. Comparez l’image à une plus ancienne, et vérifiez l’objectif, la mise au point et l’orientation.`,
    loss: (reason, share, passages) => `${reason} : ${share} des pertes (${passages}).`,
    remedies: {
      too_small: 'Zoomez, ou montez la caméra plus près de la route.',
      blur: 'Raccourcissez l’exposition, ajoutez de la lumière, ou corrigez la mise au point.',
      low_score:
        'Regardez l’échantillon : réduisez l’éblouissement et l’exposition, nettoyez l’objectif, ou choisissez un angle plus plat.',
      empty: 'Regardez l’échantillon : masquez les panneaux et les lampes pris pour des plaques.',
    },
    look: 'Regardez l’échantillon des plaques perdues.',
    noPlate: (share, vehicles) =>
      `${share} des ${vehicles} véhicules sont passés sans plaque visible. Tournez la caméra vers le côté qui porte la plaque.`,
    small: (height, needed) =>
      `Les caractères font ${height} px de haut. À partir de ${needed} px, les plaques sont lues plus sûrement : zoomez, ou montez la caméra plus près.`,
    night: (night, day) =>
      `La nuit, ${night} sont lus, le jour ${day}. Ajoutez de la lumière infrarouge, ou raccourcissez l’exposition la nuit.`,
    slow: (share, device) =>
      `${share} des images sont sautées pour suivre ; le détecteur tourne sur ${device}. Utilisez un accélérateur, ou donnez moins de caméras à cette machine.`,
    clock: (seconds) => `L’horloge de sa machine se trompe de ${seconds} s. Réglez-la par NTP.`,
    drift: {
      char_height: {
        less: (now, before, change) =>
          `Les caractères sont ${change} plus petits que d’habitude (${now} au lieu de ${before}). La caméra a-t-elle été déplacée, ou son zoom modifié ?`,
        more: (now, before, change) =>
          `Les caractères sont ${change} plus grands que d’habitude (${now} au lieu de ${before}). La caméra a-t-elle été déplacée, ou son zoom modifié ?`,
      },
      sharpness: {
        less: (now, before, change) =>
          `Les images des plaques sont ${change} moins nettes que d’habitude (${now} au lieu de ${before}). Vérifiez la mise au point, l’objectif et la lumière.`,
        more: (now, before, change) =>
          `Les images des plaques sont ${change} plus nettes que d’habitude (${now} au lieu de ${before}). Si personne n’a amélioré la caméra, regardez son image.`,
      },
      confidence: {
        less: (now, before) =>
          `Les lectures sont moins sûres que d’habitude (${now} au lieu de ${before}). Regardez les plus récentes : images moins bonnes, autres plaques, ou autre modèle ?`,
        more: (now, before) =>
          `Les lectures sont plus sûres que d’habitude (${now} au lieu de ${before}). Si personne n’a amélioré la caméra ni changé le modèle, regardez les plus récentes.`,
      },
      region: (region, now, before) =>
        `${region} : ${now} des lectures, d’habitude ${before}. Le trafic a-t-il changé, ou l’orientation de la caméra ?`,
      spread: (quantity) =>
        `${quantity} : la moyenne est comme d’habitude, mais les valeurs se répartissent autrement. Regardez les lectures les plus récentes.`,
    },
  },
};

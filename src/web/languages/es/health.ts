import type { Messages, Noun } from '../messages.ts';

export const health: Messages['health'] = {
  means: 'Las últimas 24 horas, comparadas con lo habitual.',
  share: 'Proporción leída',
  losses: 'Perdidas por',
  advice: 'Consejo',
  usually: (percent) => `lo habitual es ${percent}`,
  well: 'Nada que hacer',
  passages: ['paso', 'pasos'] as Noun,
  spans: { 24: '24 horas', 168: '7 días' },
  now: 'Ahora',
  weekBefore: 'Una semana antes',
  passagesByHour: 'Pasos por hora',
  seen: 'Vistos',
  read: 'Leídos',
  passagesTitle: 'Pasos',
  figures: 'Cifras',
  readOfSeen: 'Leídos, de los vistos',
  usual: 'Lo habitual (mediana de 14 días)',
  byDay: 'Proporción leída de día',
  byNight: 'Proporción leída de noche',
  noPlate: 'Vehículos sin matrícula a la vista',
  confidence: 'Confianza media',
  doubtful: 'Lecturas por revisar',
  corrected: 'Corregidas por personas',
  clockOffset: 'El reloj adelanta',
  newest: 'Lectura más reciente',
  lostLooks: 'Matrículas perdidas',
  lostLook: 'Una matrícula que no se leyó',
  lostLooksMean: 'Una muestra: como máximo una por minuto y motivo, las 20 más recientes.',
  noLostLooks: 'No se ha perdido ninguna matrícula desde que se guarda esta muestra.',
  pixelsHigh: (height) => `caracteres de ${height} px de alto`,
  drift: {
    title: 'Deriva',
    means:
      'El día más reciente comparado con las mismas horas de los 14 días anteriores: proporciones de las lecturas.',
    few: 'Muy pocas lecturas para comparar: hacen falta 100 del día más reciente y 200 de los 14 días anteriores.',
    now: 'Día más reciente',
    before: '14 días anteriores',
    changed: 'Ha cambiado',
    between: (low, high) => `de ${low} a ${high}`,
    below: (high) => `menos de ${high}`,
    above: (low) => `${low} o más`,
  },
  brief: {
    dayNight: (day, night) => `día ${day}, noche ${night}`,
    reads: (height, confidence, corrected) =>
      `caracteres ${height} px, confianza ${confidence}, corregidas ${corrected}`,
    machine: (rate, device, clock) => `${rate} fotogramas/s, ${device}, reloj ${clock} s`,
  },
  says: {
    down: (state) =>
      `Estado de la cámara: ${state}. Compruebe la corriente, la red, la dirección y la contraseña; la pantalla Sistema muestra el mensaje.`,
    silent: (passages) =>
      `No pasó nada; una semana antes hubo ${passages}. Compruebe que la cámara aún mira a la calzada y que nada la tapa.`,
    fallen: (share, usual) =>
      `Se leyó el ${share} de los pasos; lo habitual es ${usual}. Compare la imagen con una anterior y compruebe el objetivo, el enfoque y la orientación.`,
    loss: (reason, share, passages) => `${reason}: ${share} de las pérdidas (${passages}).`,
    remedies: {
      too_small: 'Acerque el zoom o monte la cámara más cerca de la calzada.',
      blur: 'Acorte la exposición, añada luz o corrija el enfoque.',
      low_score:
        'Mire la muestra: reduzca los deslumbramientos y la exposición, limpie el objetivo o elija un ángulo más plano.',
      empty: 'Mire la muestra: enmascare las señales y lámparas que se toman por matrículas.',
    },
    look: 'Mire la muestra de matrículas perdidas.',
    noPlate: (share, vehicles) =>
      `El ${share} de ${vehicles} vehículos pasó sin matrícula a la vista. Oriente la cámara hacia el lado que lleva la matrícula.`,
    small: (height, needed) =>
      `Los caracteres miden ${height} px de alto. A partir de ${needed} px, las matrículas se leen con más fiabilidad: acerque el zoom o monte la cámara más cerca.`,
    night: (night, day) =>
      `De noche se lee el ${night}; de día, el ${day}. Añada luz infrarroja o acorte la exposición nocturna.`,
    slow: (share, device) =>
      `Se omite el ${share} de los fotogramas para no retrasarse; el detector funciona en ${device}. Use un acelerador o dé menos cámaras a esta máquina.`,
    clock: (seconds) => `El reloj de su máquina se desvía ${seconds} s. Ajústelo por NTP.`,
    drift: {
      char_height: {
        less: (now, before, change) =>
          `Los caracteres son un ${change} más pequeños de lo habitual (${now} en vez de ${before}). ¿Se movió la cámara o cambió su zoom?`,
        more: (now, before, change) =>
          `Los caracteres son un ${change} más grandes de lo habitual (${now} en vez de ${before}). ¿Se movió la cámara o cambió su zoom?`,
      },
      sharpness: {
        less: (now, before, change) =>
          `Las imágenes de las matrículas son un ${change} menos nítidas de lo habitual (${now} en vez de ${before}). Compruebe el enfoque, el objetivo y la luz.`,
        more: (now, before, change) =>
          `Las imágenes de las matrículas son un ${change} más nítidas de lo habitual (${now} en vez de ${before}). Si nadie mejoró la cámara, mire su imagen.`,
      },
      confidence: {
        less: (now, before) =>
          `Las lecturas son menos seguras de lo habitual (${now} en vez de ${before}). Mire las más recientes: ¿peores imágenes, otras matrículas u otro modelo?`,
        more: (now, before) =>
          `Las lecturas son más seguras de lo habitual (${now} en vez de ${before}). Si nadie mejoró la cámara ni cambió el modelo, mire las más recientes.`,
      },
      region: (region, now, before) =>
        `${region}: el ${now} de las lecturas; lo habitual es el ${before}. ¿Ha cambiado el tráfico o la orientación de la cámara?`,
      spread: (quantity) =>
        `${quantity}: la media es la habitual, pero los valores se reparten de otro modo. Mire las lecturas más recientes.`,
    },
  },
};

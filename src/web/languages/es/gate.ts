export const gate = {
  nothing: 'Aquí no ha llegado aún ningún vehículo.',
  choose: 'Elija la cámara de su barrera.',
  allowed: 'Permitido',
  notListed: 'En ninguna lista',
  open: 'Abrir',
  hold: 'Mantenga pulsado un segundo, o pulse Intro dos veces',
  again: 'Pulse Intro otra vez para abrir',
  reason: 'Motivo',
  by: 'Abre',
  noChannel: 'Ningún canal abre una barrera. Quien puede cambiar canales lo permite allí.',
  handed: (channel: string) => `La apertura se entregó a «${channel}».`,
  rules: 'Qué reglas permiten',
  rulesHint:
    'Se recuerda en este dispositivo. Si no se elige ninguna, permite toda regla que halló una entrada de una lista.',
  noRules: 'Aún no ha coincidido ninguna regla.',
};

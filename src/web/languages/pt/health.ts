import type { Messages, Noun } from '../messages.ts';

export const health: Messages['health'] = {
  means: 'As últimas 24 horas, comparadas com o habitual.',
  share: 'Parcela lida',
  losses: 'Perdidas por',
  advice: 'Conselho',
  usually: (percent) => `o habitual é ${percent}`,
  well: 'Nada a fazer',
  passages: ['passagem', 'passagens'] as Noun,
  spans: { 24: '24 horas', 168: '7 dias' },
  now: 'Agora',
  weekBefore: 'Uma semana antes',
  passagesByHour: 'Passagens por hora',
  seen: 'Vistas',
  read: 'Lidas',
  passagesTitle: 'Passagens',
  figures: 'Números',
  readOfSeen: 'Lidas, das vistas',
  usual: 'Habitual (mediana de 14 dias)',
  byDay: 'Parcela lida de dia',
  byNight: 'Parcela lida à noite',
  noPlate: 'Veículos sem placa à vista',
  confidence: 'Confiança média',
  doubtful: 'Leituras para revisar',
  corrected: 'Corrigidas por pessoas',
  clockOffset: 'Relógio adiantado em',
  newest: 'Leitura mais recente',
  lostLooks: 'Placas perdidas',
  lostLook: 'Uma placa que não foi lida',
  lostLooksMean: 'Uma amostra: no máximo uma por minuto e motivo, as 20 mais recentes.',
  noLostLooks: 'Nenhuma placa foi perdida desde que esta amostra é guardada.',
  pixelsHigh: (height) => `caracteres com ${height} px de altura`,
  drift: {
    title: 'Desvio',
    means: 'O dia mais recente comparado com as mesmas horas dos 14 dias anteriores: proporções das leituras.',
    few: 'Leituras insuficientes para comparar: são necessárias 100 do dia mais recente e 200 dos 14 dias anteriores.',
    now: 'Dia mais recente',
    before: '14 dias anteriores',
    changed: 'Mudou',
    between: (low, high) => `de ${low} a ${high}`,
    below: (high) => `abaixo de ${high}`,
    above: (low) => `${low} ou mais`,
  },
  brief: {
    dayNight: (day, night) => `dia ${day}, noite ${night}`,
    reads: (height, confidence, corrected) =>
      `caracteres ${height} px, confiança ${confidence}, corrigidas ${corrected}`,
    machine: (rate, device, clock) => `${rate} quadros/s, ${device}, relógio ${clock} s`,
  },
  says: {
    down: (state) =>
      `Estado da câmera: ${state}. Verifique a energia, a rede, o endereço e a senha; a tela Sistema mostra a mensagem.`,
    silent: (passages) =>
      `Nada passou; uma semana antes foram ${passages}. Verifique se a câmera ainda olha para a via e se nada a cobre.`,
    fallen: (share, usual) =>
      `${share} das passagens foram lidas; o habitual é ${usual}. Compare a imagem com uma mais antiga e verifique a lente, o foco e a direção.`,
    loss: (reason, share, passages) => `${reason}: ${share} das perdas (${passages}).`,
    remedies: {
      too_small: 'Aproxime o zoom ou monte a câmera mais perto da via.',
      blur: 'Encurte a exposição, acrescente luz ou corrija o foco.',
      low_score: 'Veja a amostra: reduza o ofuscamento e a exposição, limpe a lente ou escolha um ângulo mais plano.',
      empty: 'Veja a amostra: mascare sinais e lâmpadas que são tomados por placas.',
    },
    look: 'Veja a amostra de placas perdidas.',
    noPlate: (share, vehicles) =>
      `${share} de ${vehicles} veículos passaram sem placa à vista. Volte a câmera para o lado que tem a placa.`,
    small: (height, needed) =>
      `Os caracteres têm ${height} px de altura. A partir de ${needed} px, as placas são lidas com mais segurança: aproxime o zoom ou monte a câmera mais perto.`,
    night: (night, day) =>
      `À noite são lidas ${night}, de dia ${day}. Acrescente luz infravermelha ou encurte a exposição noturna.`,
    slow: (share, device) =>
      `${share} dos quadros são pulados para acompanhar; o detector roda em ${device}. Use um acelerador ou dê menos câmeras a esta máquina.`,
    clock: (seconds) => `O relógio da sua máquina está errado em ${seconds} s. Acerte-o por NTP.`,
    drift: {
      char_height: {
        less: (now, before, change) =>
          `Os caracteres estão ${change} menores do que o habitual (${now} em vez de ${before}). A câmera foi movida, ou o zoom alterado?`,
        more: (now, before, change) =>
          `Os caracteres estão ${change} maiores do que o habitual (${now} em vez de ${before}). A câmera foi movida, ou o zoom alterado?`,
      },
      sharpness: {
        less: (now, before, change) =>
          `As imagens das placas estão ${change} menos nítidas do que o habitual (${now} em vez de ${before}). Verifique o foco, a lente e a luz.`,
        more: (now, before, change) =>
          `As imagens das placas estão ${change} mais nítidas do que o habitual (${now} em vez de ${before}). Se ninguém melhorou a câmera, veja a imagem dela.`,
      },
      confidence: {
        less: (now, before) =>
          `As leituras estão menos seguras do que o habitual (${now} em vez de ${before}). Veja as mais recentes: imagens piores, outras placas ou outro modelo?`,
        more: (now, before) =>
          `As leituras estão mais seguras do que o habitual (${now} em vez de ${before}). Se ninguém melhorou a câmera nem trocou o modelo, veja as mais recentes.`,
      },
      region: (region, now, before) =>
        `${region}: ${now} das leituras; o habitual é ${before}. O tráfego mudou, ou a direção da câmera?`,
      spread: (quantity) =>
        `${quantity}: a média é a habitual, mas os valores se distribuem de outro modo. Veja as leituras mais recentes.`,
    },
  },
};

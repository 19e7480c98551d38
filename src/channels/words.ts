import type { Language } from '../contract/api/auth.ts';

type Words = Readonly<{
  corrected: string;
  withdrawn: string;
  test: string;
  camera: string;
  time: string;
  entry: string;
  verify: string;
}>;

/** The few words of the default texts. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    corrected: 'Corrected',
    withdrawn: 'Withdrawn',
    test: 'Test',
    camera: 'Camera',
    time: 'Time',
    entry: 'On the list',
    verify: 'Compare the picture with the text before you act.',
  },
  de: {
    corrected: 'Berichtigt',
    withdrawn: 'Zurückgenommen',
    test: 'Test',
    camera: 'Kamera',
    time: 'Zeit',
    entry: 'Auf der Liste',
    verify: 'Vergleichen Sie das Bild mit dem Text, bevor Sie handeln.',
  },
  es: {
    corrected: 'Corregida',
    withdrawn: 'Retirada',
    test: 'Prueba',
    camera: 'Cámara',
    time: 'Hora',
    entry: 'En la lista',
    verify: 'Compare la imagen con el texto antes de actuar.',
  },
  pt: {
    corrected: 'Corrigido',
    withdrawn: 'Retirado',
    test: 'Teste',
    camera: 'Câmera',
    time: 'Hora',
    entry: 'Na lista',
    verify: 'Compare a imagem com o texto antes de agir.',
  },
  fr: {
    corrected: 'Corrigée',
    withdrawn: 'Retirée',
    test: 'Essai',
    camera: 'Caméra',
    time: 'Heure',
    entry: 'Sur la liste',
    verify: 'Comparez l’image et le texte avant d’agir.',
  },
};

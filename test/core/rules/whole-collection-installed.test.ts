import { wholeCollectionInstalled } from '../../../src/core/rules/whole-collection-installed.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(wholeCollectionInstalled, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get install -y locales-all curl', 'apt-get install -y locales-all curl'],
    ['RUN apt-get install -y texlive-full=2022.20230122-3', 'apt-get install -y texlive-full=2022.20230122-3'],
    [
      'RUN apt install tesseract-ocr-all hunspell-all',
      'apt install tesseract-ocr-all hunspell-all',
      'apt install tesseract-ocr-all hunspell-all',
    ],
    ['RUN dnf install -y glibc-all-langpacks', 'dnf install -y glibc-all-langpacks'],
  ],
  leaves: [
    'RUN apt-get install -y locales',
    'RUN apt-get install -y texlive-latex-base tesseract-ocr-deu fonts-noto-core',
    'RUN apt-get purge -y locales-all',
    'RUN echo locales-all',
    '# plimsoll-ignore whole-collection-installed\nRUN apt-get install -y locales-all',
  ],
});

import type { NamedNeeds } from './neededByName.ts';

/** What packages of Python need by name: with `[binary]`, psycopg brings its library, which is then there twice. */
export const pythonNeeds: NamedNeeds = {
  lists:
    /(?:^|\/)(?:[^/]*requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg))$/,
  modules: /\.py$/,
  calls: /\b(?:subprocess|os\.(?:system|popen|exec\w+|spawn\w+)|shutil\.which|pexpect)\b/,
  loaded: {
    cairocffi: { debian: ['libcairo2'], alpine: ['cairo'] },
    cairosvg: { debian: ['libcairo2'], alpine: ['cairo'] },
    'django-weasyprint': { debian: ['libpango-1.0-0', 'libpangoft2-1.0-0'], alpine: ['pango'] },
    dvc: { debian: ['git'], alpine: ['git'] },
    gitpython: { debian: ['git'], alpine: ['git'] },
    mercurial: { debian: ['mercurial'], alpine: ['mercurial'] },
    'pre-commit': { debian: ['git'], alpine: ['git'] },
    psycopg: { debian: ['libpq5'], alpine: ['libpq'] },
    pyenchant: { debian: ['libenchant-2-2'], alpine: ['enchant2'] },
    pyusb: { debian: ['libusb-1.0-0'], alpine: ['libusb'] },
    'python-magic': { debian: ['libmagic1'], alpine: ['libmagic'] },
    pyzbar: { debian: ['libzbar0'], alpine: ['zbar'] },
    wand: { debian: ['imagemagick'], alpine: ['imagemagick'] },
    weasyprint: { debian: ['libpango-1.0-0', 'libpangoft2-1.0-0'], alpine: ['pango'] },
  },
};

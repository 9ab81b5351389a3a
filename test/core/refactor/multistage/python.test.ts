import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const sources: Files = { 'requirements.txt': 'flask\n', 'app.py': 'import flask\n' };

interface Project {
  readonly base?: string;
  readonly before?: readonly string[];
  readonly install?: string;
  readonly then?: readonly string[];
  readonly start?: string;
  readonly files?: Files;
}

function project({ base, before = [], install, then = [], start, files }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'python:3.13-bookworm'}`,
      'WORKDIR /app',
      ...before,
      'COPY . .',
      `RUN ${install ?? 'pip install -r requirements.txt'}`,
      ...then,
      start ?? 'CMD ["python", "app.py"]',
    ],
    files: { ...sources, ...files },
  };
}

function built(given: Project): string {
  return proposed(project(given)).text;
}

/** The last stage. */
function run(given: Project): string {
  const text = built(given);
  return text.slice(text.lastIndexOf('\nFROM ') + 1);
}

const made = 'RUN python -m venv /opt/venv\nENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH\n';

describe('an environment is made before', () => {
  it.each([
    'pip install -r requirements.txt',
    'pip3 install flask',
    'python -m pip install flask',
    'python3.13 -m pip install --no-cache-dir flask',
    'pip install setuptools && pip install -r requirements.txt',
    'pip install --upgrade pip',
    'pip install poetry-core',
    'python setup.py install',
    'pipenv install --system --deploy',
    'poetry install --no-root',
    'poetry config virtualenvs.create false && poetry install --no-root',
    'pip install setuptools && POETRY_VIRTUALENVS_CREATE=false poetry install --no-root',
  ])('%s', (install) => {
    const more =
      install.includes('poetry install') && install.startsWith('pip') ? ['ENV POETRY_VIRTUALENVS_CREATE=0'] : [];
    expect(built({ install, before: more })).toContain(`${made}RUN ${install}\n`);
    expect(run({ install, before: more })).toContain('COPY --from=build /opt/venv /opt/venv\n');
  });

  it.each([
    ['uv pip install --system flask', 'uv pip install flask', ''],
    ['uv pip install flask --system --no-cache', 'uv pip install flask --no-cache', ''],
  ])('%s', (install, expected) => {
    const settings = 'VIRTUAL_ENV=/opt/venv UV_PYTHON_DOWNLOADS=0 UV_LINK_MODE=copy PATH=/opt/venv/bin:$PATH';
    expect(built({ install })).toContain(`RUN python -m venv /opt/venv\nENV ${settings}\nRUN ${expected}\n`);
  });

  it('uv sync into the interpreter', () => {
    const text = built({ before: ['ENV UV_PROJECT_ENVIRONMENT=/usr/local'], install: 'uv sync' });
    expect(text).toContain('UV_PROJECT_ENVIRONMENT=/opt/venv');
    expect(text).toContain('COPY --from=build /opt/venv /opt/venv');
  });
});

describe('what installs stays outside of the environment', () => {
  it.each(['poetry', 'poetry==2.1.4', 'pipenv', 'poetry pip setuptools wheel', '"poetry>=2,<3"'])(
    'pip install %s',
    (names) => {
      const [tool] = /poetry|pipenv/.exec(names)!;
      const text = built({ before: [`RUN pip install ${names}`], install: `${tool} install` });
      expect(text).toContain(`RUN pip install ${names}\nCOPY . .\n${made}RUN ${tool} install\n`);
    },
  );

  it.each([
    ['curl -sSL https://install.python-poetry.org | python3 -', 'poetry install --no-root'],
    ['curl -LsSf https://astral.sh/uv/install.sh | sh', 'uv pip install --python-version 3.13 flask'],
  ])('%s', (installer, install) => {
    const base = 'python:3.13-slim-bookworm';
    const tools = 'RUN apt-get update && apt-get install -y curl gcc';
    expect(run({ base, before: [tools, `RUN ${installer}`], install })).toContain(
      'COPY --from=build /opt/venv /opt/venv',
    );
  });

  it('also in the same RUN', () => {
    expect(built({ install: 'pip install poetry && poetry install --no-root' })).toContain(
      'RUN pip install poetry && python -m venv /opt/venv && export VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH && poetry install --no-root\nENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH\n',
    );
  });
});

describe('the environment of the file goes along, by', () => {
  it.each<[string, string, Project]>([
    ['PATH', '/opt/own', { before: ['RUN python -m venv /opt/own', 'ENV PATH=/opt/own/bin:$PATH'] }],
    ['PATH in braces', '/opt/own', { before: ['RUN python -m venv /opt/own', 'ENV PATH="/opt/own/bin:${PATH}"'] }],
    ['PATH in the old form', '/opt/own', { before: ['RUN python -m venv /opt/own', 'ENV PATH /opt/own/bin:$PATH'] }],
    [
      'a variable',
      '/opt/own',
      { before: ['ENV VIRTUAL_ENV=/opt/own', 'RUN python -m venv $VIRTUAL_ENV', 'ENV PATH=$VIRTUAL_ENV/bin:$PATH'] },
    ],
    [
      'the path of its pip',
      '/opt/own',
      { before: ['RUN python -m venv /opt/own'], install: '/opt/own/bin/pip install flask' },
    ],
    [
      'the path of its interpreter',
      '/opt/own',
      { before: ['RUN python -m venv /opt/own'], install: '/opt/own/bin/python -m pip install flask' },
    ],
    [
      'activating it',
      '/opt/own',
      { before: ['RUN virtualenv /opt/own'], install: '. /opt/own/bin/activate && pip install flask' },
    ],
    [
      'uv',
      '/opt/own',
      {
        before: ['ENV VIRTUAL_ENV=/opt/own PATH=/opt/own/bin:$PATH', 'RUN uv venv /opt/own'],
        install: 'uv pip install flask',
      },
    ],
    ['uv sync', '/app', { install: 'uv sync --frozen --no-dev' }],
    ['uv sync elsewhere', '/opt/own', { before: ['ENV UV_PROJECT_ENVIRONMENT=/opt/own'], install: 'uv sync' }],
    ['Poetry', '/app', { before: ['ENV POETRY_VIRTUALENVS_IN_PROJECT=true'], install: 'poetry install' }],
    ['a setting of Poetry', '/app', { install: 'poetry config virtualenvs.in-project true && poetry install' }],
    ['Pipenv', '/app', { before: ['ENV PIPENV_VENV_IN_PROJECT=1'], install: 'pipenv sync' }],
  ])('%s', (_, path, given) => {
    expect(built(given)).not.toContain('/opt/venv');
    expect(run(given)).toContain(`COPY --from=build ${path} ${path}\n`);
  });

  it('and PATH is set as the file sets it, once', () => {
    const text = run({ before: ['ENV VIRTUAL_ENV=/v', 'RUN python -m venv /v', 'ENV PATH=$VIRTUAL_ENV/bin:$PATH'] });
    expect(text.match(/^ENV .*$/gm)).toEqual(['ENV VIRTUAL_ENV=/v', 'ENV PATH=$VIRTUAL_ENV/bin:$PATH']);
  });
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    ['pip install --user flask', 'other-place', { install: 'pip install --user flask' }],
    ['pip install --target=/deps flask', 'other-place', { install: 'pip install --target=/deps flask' }],
    ['PIP_USER', 'other-place', { before: ['ENV PIP_USER=1'] }],
    ['uv sync --python', 'other-place', { install: 'uv sync --python 3.12' }],
    ['a variable for one command', 'other-place', { install: 'UV_SYSTEM_PYTHON=1 uv pip install flask' }],
    [
      'an activation that has ended',
      'mixed-environments',
      { before: ['RUN python -m venv /v', 'RUN . /v/bin/activate'] },
    ],
    [
      'one package beside the environment',
      'mixed-environments',
      { before: ['RUN python -m venv /v'], install: '/v/bin/pip install flask && pip install gunicorn' },
    ],
    ['the interpreter by its path', 'absolute-program', { install: '/usr/local/bin/pip install flask' }],
    ['sudo', 'absolute-program', { install: 'sudo pip install flask' }],
    ['a login shell', 'absolute-program', { before: ['SHELL ["/bin/bash", "-l", "-c"]'] }],
    ['PATH set anew', 'search-path', { then: ['ENV PATH=/usr/local/bin:/usr/bin:/bin'] }],
    ['site-packages', 'site-packages', { then: ['COPY app.py /usr/local/lib/python3.13/site-packages/'] }],
    ['a start by path', 'absolute-script', { start: 'CMD ["/usr/local/bin/flask", "run"]' }],
    ['the interpreter of the image', 'absolute-script', { start: 'CMD ["/usr/local/bin/python", "app.py"]' }],
    ['a user without rights', 'not-root', { before: ['RUN useradd -m app', 'USER app'] }],
    ['an installer that nobody knows', 'unknown-command', { before: ['RUN curl https://example.com/install.sh | sh'] }],
    ['conda', 'other-environment', { install: 'pip install flask && conda install gdal' }],
    ['an interpreter that uv brings', 'other-environment', { install: 'uv python install 3.12 && uv sync' }],
    ['migrations', 'unknown-command', { then: ['RUN python manage.py migrate'] }],
    ['migrations by uv', 'unknown-command', { then: ['RUN uv run python manage.py migrate'] }],
    ['a notebook', 'interactive', { start: 'CMD ["jupyter", "notebook"]' }],
    ['a notebook as a module', 'interactive', { start: 'CMD ["python", "-m", "jupyter", "lab"]' }],
    ['a shell of poetry', 'package-manager-start', { start: 'CMD ["poetry", "shell"]' }],
    ['a runner with a variable', 'package-manager-start', { start: 'CMD poetry run flask run --port $PORT' }],
    ['a runner with packages', 'package-manager-start', { start: 'CMD ["uv", "run", "--with", "rich", "app.py"]' }],
    ['a runner in the health check', 'package-manager-start', { then: ['HEALTHCHECK CMD ["uv", "run", "check"]'] }],
    ['slim with nothing to build', 'no-benefit', { base: 'python:3.13-slim-bookworm' }],
    ['Alpine with nothing to build', 'no-benefit', { base: 'python:3.13-alpine3.22' }],
    [
      'static files at a place that the environment gives',
      'static-files-unknown',
      { then: ['RUN python manage.py collectstatic'], files: { 'settings.py': "STATIC_ROOT = os.environ['ROOT']\n" } },
    ],
    [
      'static files in the root folder',
      'application-in-system',
      { then: ['RUN python manage.py collectstatic'], files: { 'settings.py': "STATIC_ROOT = '/'\n" } },
    ],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});

describe('a runner is left out of', () => {
  it.each([
    ['CMD ["poetry", "run", "flask", "run"]', 'CMD ["flask", "run"]'],
    ['CMD ["uv", "run", "--no-sync", "flask", "run"]', 'CMD ["flask", "run"]'],
    ['CMD ["uv", "run", "app.py"]', 'CMD ["python", "app.py"]'],
    ['CMD ["uv", "run", "-m", "app"]', 'CMD ["python", "-m", "app"]'],
    ['CMD pipenv run flask run', 'CMD ["flask", "run"]'],
    ['ENTRYPOINT ["poetry", "run", "flask"]', 'ENTRYPOINT ["flask"]'],
    ['ENTRYPOINT ["uv", "run"]\nCMD ["flask", "run"]', 'CMD ["flask", "run"]'],
    ['ENTRYPOINT ["poetry", "run", "flask"]\nCMD ["run"]', 'CMD ["run"]\nENTRYPOINT ["flask"]'],
  ])('%s', (start, expected) => {
    const lines = run({ start, install: 'poetry install --no-root' }).match(/^(?:CMD|ENTRYPOINT) .*$/gm);
    expect(lines?.join('\n')).toBe(expected);
  });

  it('and so is its program, which another image brought', () => {
    const before = ['COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/uv'];
    const text = run({ before, install: 'uv sync', start: 'CMD ["uv", "run", "python", "app.py"]' });
    expect(text).toContain('CMD ["python", "app.py"]');
    expect(text).not.toContain('/bin/uv');
  });
});

describe('an entry point that starts', () => {
  const script = (text: string) => ({
    start: 'ENTRYPOINT ["./start.sh"]',
    files: { 'start.sh': `#!/bin/sh\nset -e\n${text}\n` },
  });

  it.each(['alembic upgrade head\nexec uvicorn app:app', 'exec gunicorn app:app', 'exec tini -- celery -A app worker'])(
    '%j finds it in the environment',
    (text) => {
      expect(outcomeOf(project(script(text)))).toBe('converted');
    },
  );

  it.each([
    ['pg_isready -h db\nexec gunicorn app:app', 'postgresql-client'],
    ['curl -f http://db\nexec gunicorn app:app', 'curl'],
  ])('%j gets what brings it', (text, name) => {
    expect(run(script(text))).toContain(`--no-upgrade ${name} $(cat`);
  });

  it.each([
    ['convert a.png b.jpg', 'no-run-base'],
    ['make serve', 'needs-toolchain'],
    ['pip install -r requirements.txt', 'needs-toolchain'],
  ])('%j is refused', (text, code) => {
    expect(outcomeOf(project(script(text)))).toBe(`refused ${code}`);
  });
});

it('a front end may be built beside it', () => {
  const text = run({
    before: ['RUN apt-get update && apt-get install -y nodejs npm'],
    then: ['RUN cd web && npm ci && npm run build'],
  });
  expect(text).toContain('COPY --from=build /app /app\n');
});

describe('what is not in the environment goes along', () => {
  it.each<[string, string, Project]>([
    [
      'a project that is installed to be edited',
      'COPY --from=build /lib/tides /lib/tides',
      { before: ['COPY app.py /lib/tides/app.py'], install: 'pip install -e /lib/tides' },
    ],
    [
      'what Django collects elsewhere',
      'COPY --from=build /srv/static /srv/static',
      { then: ['RUN python manage.py collectstatic'], files: { 'settings.py': "STATIC_ROOT = '/srv/static/'\n" } },
    ],
    [
      'a package that loads a library',
      'install -y --no-install-recommends --no-upgrade libmagic1 $',
      { files: { 'requirements.txt': 'python_magic==0.4\n' } },
    ],
    ['a package that starts a program', '--no-upgrade git $', { install: 'pip install GitPython' }],
    ['a program that is started', '--no-upgrade git $', { files: { 'app.py': "subprocess.run(['git', 'log'])\n" } }],
    [
      'one whose name is an everyday word',
      '--no-upgrade imagemagick $',
      { files: { 'app.py': 'os.system("convert a.png b.jpg")\n' } },
    ],
    [
      'a package of the file',
      '--no-upgrade ffmpeg $',
      { before: ['RUN apt-get update && apt-get install -y ffmpeg libxml2-dev'] },
    ],
  ])('%s', (_, expected, given) => {
    expect(run(given)).toContain(expected);
  });

  it.each<[string, Files]>([
    ['a name in a name', { 'requirements.txt': 'my-python-magic\npython-magic-bin\n' }],
    ['a program in a text', { 'app.py': "print('git')\n" }],
    ['a program that tests start', { 'tests/a.py': "subprocess.run(['git', 'log'])\n" }],
    ['an everyday word', { 'app.py': "import subprocess\nactions = {'convert': convert}\n" }],
    ['what the image has itself', { 'app.py': "subprocess.run(['python3', 'b.py'])\n" }],
  ])('but not for %s', (_, files) => {
    expect(run({ files })).not.toMatch(/libmagic|git|imagemagick|install.* python3/);
  });
});

import type { BuiltFix } from './builtFix.ts';

/** Tools with caches of their own, each with packages of its registry. */
export const toolFixes: readonly BuiltFix[] = [
  {
    rule: 'npm-cache-left',
    dockerfile:
      'FROM tools:node\nWORKDIR /app\nRUN npm install typescript@5.4.5\nCMD ["node", "-p", "require(\'typescript\').version"]\n',
    prints: /^5\.4\.5\n$/,
    atLeast: 3e6,
  },
  {
    rule: 'yarn-cache-left',
    dockerfile:
      'FROM tools:node\nWORKDIR /app\nRUN yarn add typescript@5.4.5 && yarn install\nCMD ["node", "-p", "require(\'typescript\').version"]\n',
    prints: /^5\.4\.5\n$/,
    atLeast: 20e6,
  },
  {
    rule: 'dev-dependencies-left',
    dockerfile:
      'FROM tools:node\nWORKDIR /app\nCOPY node/ ./\nRUN npm install && npm cache clean --force\nCMD ["node", "-p", "require(\'is-number\')(1)"]\n',
    prints: /^true\n$/,
    atLeast: 20e6,
    unpredicted: true,
  },
  {
    rule: 'pip-cache-left',
    dockerfile:
      'FROM tools:pip\nCOPY index /index\nRUN (cd /index && exec python3 serve.py) & sleep 2; \\\n    pip install --break-system-packages --no-build-isolation --trusted-host 127.0.0.1 \\\n      --index-url http://127.0.0.1:18765/simple heavy\nCMD ["python3", "-c", "import heavy; print(heavy.size)"]\n',
    prints: /^3000000\n$/,
    // The archive and the wheel that was built from it.
    atLeast: 5.5e6,
  },
  {
    rule: 'pnpm-store-left',
    dockerfile:
      'FROM tools:pnpm\nWORKDIR /app\nCOPY node/ ./\nRUN pnpm install && pnpm prune --prod\nCMD ["node", "-p", "require(\'is-number\')(1)"]\n',
    prints: /^true\n$/,
    atLeast: 20e6,
    unpredicted: true,
  },
  {
    rule: 'uv-cache-left',
    dockerfile:
      'FROM tools:uv\nENV UV_LINK_MODE=copy\nRUN uv pip install --system --break-system-packages setuptools==69.0.0\nCMD ["python3", "-c", "import setuptools; print(setuptools.__version__)"]\n',
    prints: /^69\.0\.0\n$/,
    atLeast: 7e5,
    unpredicted: true,
  },
  {
    rule: 'gem-cache-left',
    dockerfile:
      'FROM tools:ruby\nENV GEM_HOME=/usr/local/bundle\nRUN gem install --local --no-document /heavy.gem\nCMD ["ruby", "-e", "require \'heavy\'; puts Heavy.size"]\n',
    prints: /^1000000\n$/,
    atLeast: 1e6,
  },
  {
    rule: 'gem-documentation',
    dockerfile:
      'FROM tools:ruby\nRUN gem install --local /heavy.gem\nCMD ["ruby", "-e", "require \'heavy\'; puts Heavy.size"]\n',
    prints: /^1000000\n$/,
    atLeast: 10_000,
    unpredicted: true,
  },
  {
    rule: 'dnf-cache-left',
    dockerfile: 'FROM tools:dnf\nRUN dnf install -y --nodocs heavy\nCMD ["cat", "/opt/heavy"]\n',
    prints: /^heavy\n$/,
    atLeast: 60_000,
  },
  {
    rule: 'documentation-kept',
    dockerfile: 'FROM tools:dnf\nRUN dnf install -y heavy && dnf clean all\nCMD ["cat", "/opt/heavy"]\n',
    prints: /^heavy\n$/,
    atLeast: 990_000,
    unpredicted: true,
  },
  {
    rule: 'wheels-kept',
    dockerfile:
      'FROM tools:pip AS build\nRUN pip wheel --no-cache-dir --wheel-dir /wheels setuptools==69.0.0\nFROM tools:pip\nCOPY --from=build /wheels /wheels\nRUN pip install --no-cache-dir --break-system-packages /wheels/*\nCMD ["python3", "-c", "import setuptools; print(setuptools.__version__)"]\n',
    prints: /^69\.0\.0\n$/,
    atLeast: 7e5,
    weights: { COPY: 821_000 },
    buildKit: true,
  },
  {
    rule: 'go-cache-left',
    dockerfile: 'FROM tools:go\nWORKDIR /src\nCOPY go/ ./\nRUN go build -o /app .\nCMD ["/app"]\n',
    prints: /hello|Hello/i,
    atLeast: 10e6,
  },
  {
    rule: 'symbols-kept',
    dockerfile:
      'FROM tools:go AS build\nWORKDIR /src\nCOPY plain.go ./\nRUN go build -o /app plain.go\nFROM debian:12\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    prints: /^plain\n$/,
    atLeast: 3e5,
    unpredicted: true,
  },
  {
    rule: 'cargo-cache-left',
    dockerfile:
      'FROM tools:cargo\nWORKDIR /src\nCOPY cargo/ ./\nRUN cargo build --release\nCMD ["/src/target/release/app"]\n',
    prints: /^42\n$/,
    atLeast: 1e6,
  },
  {
    rule: 'maven-repository-left',
    dockerfile:
      'FROM tools:maven\nWORKDIR /src\nCOPY maven/ ./\nRUN mvn -q -B package\nCMD ["java", "-cp", "target/app-1.jar", "App"]\n',
    prints: /^built\n$/,
    atLeast: 3e6,
  },
];

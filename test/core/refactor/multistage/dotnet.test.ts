import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const project = (sdk: string, inner = ''): string => `<Project Sdk="${sdk}"><PropertyGroup/>${inner}</Project>\n`;

function application(
  files: Files = {},
  {
    base = 'mcr.microsoft.com/dotnet/sdk:9.0',
    publish = 'dotnet publish -c Release -o /out',
    cmd = '["dotnet", "/out/tide.dll"]',
  } = {},
) {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /src', 'COPY . .', `RUN ${publish}`, `CMD ${cmd}`],
    files: { 'tide.csproj': project('Microsoft.NET.Sdk'), 'Program.cs': 'Console.WriteLine();\n', ...files },
  };
}

describe('the run base', () => {
  it.each<[string, Files, string, string]>([
    ['a program', {}, 'mcr.microsoft.com/dotnet/sdk:9.0', 'mcr.microsoft.com/dotnet/runtime:9.0'],
    [
      'a server',
      { 'tide.csproj': project('Microsoft.NET.Sdk.Web') },
      'mcr.microsoft.com/dotnet/sdk:8.0',
      'mcr.microsoft.com/dotnet/aspnet:8.0',
    ],
    [
      'a package that brings ASP.NET',
      {
        'tide.csproj': project(
          'Microsoft.NET.Sdk.Worker',
          '<PackageReference Include="Serilog.AspNetCore" Version="8.0.0" />',
        ),
      },
      'mcr.microsoft.com/dotnet/sdk:8.0-jammy',
      'mcr.microsoft.com/dotnet/aspnet:8.0-jammy',
    ],
    [
      'what brings its own run time',
      { 'tide.csproj': project('Microsoft.NET.Sdk', '<SelfContained>true</SelfContained>') },
      'mcr.microsoft.com/dotnet/sdk:9.0',
      'mcr.microsoft.com/dotnet/runtime-deps:9.0',
    ],
  ])('for %s', (_, files, base, expected) => {
    expect(proposed(application(files, { base })).proposal.runBase).toBe(expected);
  });
});

describe('a server that starts outside of its folder', () => {
  it('has its settings and pages where it looks for them', () => {
    const files = {
      'tide.csproj': project('Microsoft.NET.Sdk.Web'),
      'appsettings.json': '{}',
      'wwwroot/index.html': '<p>',
    };
    const { text } = proposed(application(files));
    expect(text).toContain('COPY --from=build /src/appsettings.json /src/appsettings.json');
    expect(text).toContain('COPY --from=build /src/wwwroot /src/wwwroot');
  });
});

describe('refused', () => {
  it.each<[string, Parameters<typeof application>, string]>([
    ['a development server', [{}, { cmd: '["dotnet", "run"]' }], 'refused needs-toolchain'],
    ['an assembly that nothing publishes', [{}, { cmd: '["dotnet", "/other/tide.dll"]' }], 'refused artefact-unknown'],
    ['a base without a version', [{}, { base: 'mcr.microsoft.com/dotnet/sdk' }], 'refused unknown-version'],
    [
      'a program that only it knows',
      [{ 'Program.cs': 'Process.Start(new ProcessStartInfo { FileName = args[0] });\n' }],
      'refused starts-programs',
    ],
  ])('%s', (_, given, outcome) => {
    expect(outcomeOf(application(...given))).toBe(outcome);
  });
});

describe('an assembly that a variable names', () => {
  const two = 'dotnet publish a -o /app/a && dotnet publish b -o /app/b';
  it.each<[string, string, string]>([
    [two, 'dotnet /app/$ROLE/x.dll', 'asked artefact'],
    [two, 'dotnet $DLL', 'asked artefact'],
    ['dotnet publish -o /out', 'dotnet /out/$NAME.dll', 'converted'],
    ['dotnet publish', 'dotnet $DLL', 'refused artefact-unknown'],
  ])('%s, %s: %s', (publish, cmd, outcome) => {
    expect(outcomeOf(application({}, { publish, cmd }))).toBe(outcome);
  });
});

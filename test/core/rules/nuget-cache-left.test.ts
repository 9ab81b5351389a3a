import { describe, expect, it } from 'vitest';
import { nugetCacheLeft } from '../../../src/core/rules/nuget-cache-left.ts';
import { checkRule, fixed } from '../../helpers/rules.ts';

const sdk = 'FROM mcr.microsoft.com/dotnet/sdk:10.0';

checkRule(nugetCacheLeft, {
  base: sdk,
  finds: [
    ['RUN dotnet publish -c Release -o /app', 'dotnet publish -c Release -o /app'],
    ['RUN dotnet restore && dotnet build', 'dotnet build'],
    ['RUN dotnet tool install -g dotnet-ef', 'dotnet tool install -g dotnet-ef'],
  ],
  leaves: [
    'RUN dotnet publish && dotnet nuget locals all --clear',
    'RUN dotnet publish && rm -rf ~/.nuget/packages ~/.local/share/NuGet',
    'RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish',
    'ENV NUGET_PACKAGES=/pkg\nRUN dotnet publish && rm -rf /pkg',
    'RUN dotnet publish --no-restore',
    'RUN dotnet --info',
    'RUN dotnet restore\nCMD ["dotnet", "watch", "run"]',
    // A stage that only builds.
    'RUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/runtime:10.0\nCOPY --from=0 /app /app',
    '# plimsoll-ignore nuget-cache-left\nRUN dotnet publish',
  ],
});

describe('no fix', () => {
  it('where a later RUN builds from what was restored', () => {
    const text = `${sdk}\nRUN dotnet restore\nRUN dotnet publish --no-restore\n`;
    expect(fixed(nugetCacheLeft, text)).toBe(text);
  });

  it('where a backslash at the end would take it into the last word', () => {
    const text = `# escape=\`\n${sdk}\nRUN dotnet publish -o /app\\\n`;
    expect(fixed(nugetCacheLeft, text)).toBe(text);
    const even = text.replace('\\', '\\\\');
    expect(fixed(nugetCacheLeft, even)).toContain('/app\\\\ && dotnet nuget');
  });
});

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Small programs in several languages, each with a dependency, as a build context has them. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  'node/package.json': JSON.stringify({
    ...{ name: 'app', version: '1.0.0', private: true },
    dependencies: { 'is-number': '7.0.0' },
    devDependencies: { typescript: '5.4.5' },
  }),
  'gem/heavy.gemspec':
    "Gem::Specification.new do |gem|\n  gem.name, gem.version, gem.summary, gem.authors = 'heavy', '1.0', 'Heavy', ['app']\n  gem.files = ['lib/heavy.rb', 'lib/heavy.bin']\nend\n",
  'gem/lib/heavy.bin': randomBytes(1_000_000),
  'gem/lib/heavy.rb': `module Heavy\n  def self.size = File.size("#{__dir__}/heavy.bin")\n${Array.from({ length: 50 }, (_, at) => `  # Gives ${at}.\n  def number${at} = ${at}\n`).join('')}end\n`,
  'rpm/heavy.spec': `Name: heavy
Version: 1
Release: 1
Summary: Heavy
License: MIT
BuildArch: noarch
%description
%install
mkdir -p %{buildroot}/opt/names %{buildroot}/usr/share/doc/heavy
cd %{buildroot}/opt/names && od -An -tx1 -w20 -N60000 /dev/urandom | tr -d ' ' | xargs touch
echo heavy > %{buildroot}/opt/heavy
head -c 1000000 /dev/urandom > %{buildroot}/usr/share/doc/heavy/manual
%files
/opt/heavy
/opt/names
%doc /usr/share/doc/heavy/manual
`,
  'plain.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("plain") }\n',
  'go/go.mod': 'module app\n\ngo 1.16\n\nrequire rsc.io/quote v1.5.2\n',
  'go/go.sum': [
    'golang.org/x/text v0.0.0-20170915032832-14c0d48ead0c h1:qgOY6WgZOaTkIIMiVjBQcw93ERBE4m30iBm00nkL0i8=',
    'golang.org/x/text v0.0.0-20170915032832-14c0d48ead0c/go.mod h1:NqM8EUOU14njkJ3fqMW+pc6Ldnwhi/IjpwHt7yyuwOQ=',
    'rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=',
    'rsc.io/quote v1.5.2/go.mod h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=',
    'rsc.io/sampler v1.3.0 h1:7uVkIFmeBqHfdjD+gZwtXXI+RODJ2Wc4O7MPEh/QiW4=',
    'rsc.io/sampler v1.3.0/go.mod h1:T1hPZKmBbMNahiBKFy5HrXp6adAjACjK9JXDnKaTXpA=',
    '',
  ].join('\n'),
  'go/main.go':
    'package main\n\nimport (\n\t"fmt"\n\n\t"rsc.io/quote"\n)\n\nfunc main() { fmt.Println(quote.Hello()) }\n',
  'cargo/Cargo.toml':
    '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nlibc = "=0.2.155"\n',
  'cargo/src/main.rs': 'fn main() {\n    println!("{}", unsafe { libc::abs(-42) });\n}\n',
  'maven/pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>app</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
</project>
`,
  'maven/src/main/java/App.java':
    'public class App {\n  public static void main(String[] args) {\n    System.out.println("built");\n  }\n}\n',
};

/** Writes the programs into a build context. */
export function writeProjects(context: string): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(context, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

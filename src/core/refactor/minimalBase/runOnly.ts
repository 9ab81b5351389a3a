import type { Target } from './subject.ts';

/** An image that runs what another builds: a JRE, the runtime of .NET. */
export function isRunOnly(target: Pick<Target, 'image' | 'reference'>): boolean {
  return isJre(target) || /^mcr\.microsoft\.com\/dotnet\/(?:aspnet|runtime)/.test(target.image);
}

export function isJre({ image, reference }: Pick<Target, 'image' | 'reference'>): boolean {
  return image === 'eclipse-temurin' && reference.tag?.split('-').includes('jre') === true;
}

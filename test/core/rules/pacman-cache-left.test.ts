import { pacmanCacheLeft } from '../../../src/core/rules/pacman-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(pacmanCacheLeft, {
  base: 'FROM archlinux',
  finds: [
    ['RUN pacman -Syu --noconfirm jq', 'pacman -Syu --noconfirm jq'],
    ['RUN pacman -S jq && pacman -S vim', 'pacman -S vim'],
  ],
  leaves: [
    'RUN pacman -S jq && rm -rf /var/cache/pacman/pkg/*',
    'RUN pacman -S jq && rm -rf /var/cache/pacman',
    'RUN pacman -Ss jq',
    'RUN pacman -Si jq',
    'RUN pacman -Scc',
    'RUN pacman -S jq; yes | pacman -Scc',
    'RUN --mount=type=cache,target=/var/cache/pacman/pkg pacman -S jq',
    'RUN pacman -Q',
  ],
});

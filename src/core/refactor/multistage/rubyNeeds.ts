import type { NamedNeeds } from './neededByName.ts';

const timeZones = { debian: ['tzdata'], alpine: ['tzdata'] };

/** What gems need by name. */
export const rubyNeeds: NamedNeeds = {
  lists: /(?:^|\/)(?:Gemfile(?:\.lock)?|gems\.rb|gems\.locked|[^/]+\.gemspec)$/,
  modules: /\.(?:rb|rake|ru)$/,
  calls: /\b(?:system|spawn|exec|popen\w*|Open3|Process)\b|%x|`/,
  loaded: {
    activesupport: timeZones,
    ethon: { debian: ['libcurl4'], alpine: ['libcurl'] },
    git: { debian: ['git'], alpine: ['git'] },
    image_processing: { debian: ['imagemagick'], alpine: ['imagemagick'] },
    mini_magick: { debian: ['imagemagick'], alpine: ['imagemagick'] },
    rails: timeZones,
    'ruby-vips': { debian: ['libvips42'], alpine: ['vips'] },
    typhoeus: { debian: ['libcurl4'], alpine: ['libcurl'] },
    tzinfo: timeZones,
  },
};

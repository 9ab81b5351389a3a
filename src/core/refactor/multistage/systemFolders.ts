/** Folders that a system's own packages fill: an application that is given one whole is among what belongs to the system. */
const ofPackages = [
  '/',
  '/etc',
  '/opt',
  '/srv',
  '/var',
  '/usr',
  '/usr/local',
  ...['', '/usr', '/usr/local'].flatMap((parent) => ['bin', 'sbin', 'lib', 'lib64'].map((name) => `${parent}/${name}`)),
  ...['/usr', '/usr/local'].flatMap((parent) => ['include', 'share', 'etc'].map((name) => `${parent}/${name}`)),
];

/** Folders of users and of services, each of which has one of its own there. */
const ofOwners = ['/home', '/root', '/var/lib'];

/** Folders for what comes from elsewhere: files of a build often put one thing there, which has the folder to itself. */
const ofGuests = ['/usr/src', '/usr/local/src', '/var/www', '/media', '/mnt'];

/** Where programs and libraries are put one by one: what is copied into such a folder is known by its own name only. */
export const packageFolders: ReadonlySet<string> = new Set(ofPackages);

/** What an application cannot have for its own folder. */
export const systemFolders: ReadonlySet<string> = new Set([...ofPackages, ...ofOwners]);

/** Folders of every image: what is put there goes along by its own name, never the folder. */
export const sharedFolders: ReadonlySet<string> = new Set([...ofPackages, ...ofOwners, ...ofGuests]);

import { packagesUpgraded } from '../../../src/core/rules/packages-upgraded.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(packagesUpgraded, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get update && apt-get upgrade -y', 'apt-get upgrade -y'],
    ['RUN apt-get -y dist-upgrade', 'apt-get -y dist-upgrade'],
    ['RUN apk upgrade --no-cache', 'apk upgrade --no-cache'],
    ['RUN yum -y update && yum clean all', 'yum -y update'],
    ['RUN zypper dup -y', 'zypper dup -y'],
  ],
  leaves: [
    'RUN apt-get update',
    'RUN apt-get install -y jq',
    'RUN apk upgrade openssl',
    'RUN dnf update -y openssl',
    'RUN apk update',
    'RUN pip install --upgrade pip',
  ],
});

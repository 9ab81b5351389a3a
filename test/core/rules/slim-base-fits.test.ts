import { slimBaseFits } from '../../../src/core/rules/slim-base-fits.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(slimBaseFits, {
  base: 'ARG A=1',
  finds: [
    ['FROM python:3.13\nRUN pip install flask', 'python:3.13'],
    ['FROM node:24-bookworm AS a\nFROM a\nRUN true', 'node:24-bookworm'],
    ['FROM debian:12\nRUN apt-get update && apt-get install -y git && git --version', 'debian:12'],
  ],
  leaves: [
    'FROM python:3.13-slim',
    'FROM python:3.13-alpine',
    'FROM python:3.13\nRUN git clone https://x/y',
    'FROM python:3.13\nRUN gcc a.c',
    'FROM python:3.13 AS build\nRUN pip wheel x\nFROM python:3.13-slim',
    'FROM acme/base',
    'FROM scratch',
    'FROM python:3.13@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ],
});

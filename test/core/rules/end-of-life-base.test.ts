import { endOfLifeBase } from '../../../src/core/rules/end-of-life-base.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(endOfLifeBase, {
  base: 'ARG A=1',
  finds: [
    ['FROM debian:8', 'debian:8'],
    ['FROM alpine:3.10', 'alpine:3.10'],
    ['FROM python:2.7', 'python:2.7'],
    ['FROM node:12 AS a\nFROM a', 'node:12'],
    ['FROM node:12 AS unused\nFROM alpine:3.23', 'node:12 (hint)'],
  ],
  leaves: ['FROM debian:13', 'FROM alpine:3.23', 'FROM acme/base:1', 'FROM scratch', 'FROM python:3.13-slim'],
});

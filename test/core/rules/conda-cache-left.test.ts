import { condaCacheLeft } from '../../../src/core/rules/conda-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(condaCacheLeft, {
  base: 'FROM continuumio/miniconda3',
  finds: [
    ['RUN conda install -y numpy', 'conda install -y numpy'],
    ['RUN mamba env create -f e.yml', 'mamba env create -f e.yml'],
  ],
  leaves: [
    'RUN conda install -y numpy && conda clean -afy',
    'RUN conda install -y a && rm -rf /opt/conda/pkgs',
    'RUN --mount=type=cache,target=/opt/conda/pkgs conda install a',
    'RUN conda list',
  ],
});

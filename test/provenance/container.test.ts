/** Containers by the marks that engines leave: each in a root of its own, with real files. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { containerHere } from '../../provenance/container.ts'
import { type Files, Trees } from './tree.ts'

const trees = new Trees()
after(() => trees.remove())

const ID = 'ab'.repeat(32)
const PODMAN = `engine="podman-4.3.1"\nname="brave_bell"\nid="12"\nimage="docker.io/library/node:20"\nimageid="${ID}"\nrootless=1\n`

type Case = readonly [env: Record<string, string>, files: Files, expected: object | null]
const CASES: Readonly<Record<string, Case>> = {
  'no container': [{ PATH: '/bin' }, { 'proc/self/cgroup': '0::/user.slice/session-2.scope\n' }, null],
  'no /proc': [{}, {}, null],
  docker: [{}, { '.dockerenv': '' }, { kind: 'docker' }],
  'docker by its control group': [{}, { 'proc/self/cgroup': '4:memory:/docker/0f0f\n' }, { kind: 'docker' }],
  podman: [
    { container: 'podman' },
    { 'run/.containerenv': PODMAN },
    { kind: 'podman', image: 'docker.io/library/node:20', digest: ID },
  ],
  'podman that says nothing': [{}, { 'run/.containerenv': '' }, { kind: 'podman' }],
  kubernetes: [{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, { '.dockerenv': '' }, { kind: 'kubernetes' }],
  'kubernetes by its control group': [
    {},
    { 'proc/self/cgroup': '0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-0f.scope\n' },
    { kind: 'kubernetes' },
  ],
  apptainer: [
    { APPTAINER_CONTAINER: '/home/ada/images/sim-1.2.sif', APPTAINER_NAME: 'sim-1.2.sif' },
    { '.dockerenv': '' },
    { kind: 'apptainer', image: 'sim-1.2.sif' },
  ],
  singularity: [{ SINGULARITY_NAME: 'sim.sif' }, {}, { kind: 'singularity', image: 'sim.sif' }],
  lxc: [{ container: 'lxc' }, {}, { kind: 'lxc' }],
  'another kind': [{ container: 'systemd-nspawn' }, {}, { kind: 'other' }],
  'an image by its digest': [
    {},
    { 'run/.containerenv': `image="quay.io/x/y@sha256:${ID}"\n` },
    { kind: 'podman', image: `quay.io/x/y@sha256:${ID}`, digest: ID },
  ],
}

for (const [what, [env, files, expected]] of Object.entries(CASES)) {
  test(`should tell of ${what}`, () => {
    assert.deepEqual(containerHere(env, trees.plant(files)), expected)
  })
}

test('should name no image that may be something else', () => {
  const odd = [
    'https://ada:sesame@hub.example/x',
    'ada:sesame@hub.example/x',
    'a b',
    'x'.repeat(300),
    '',
    '-x',
  ]
  for (const image of odd) {
    const root = trees.plant({ 'run/.containerenv': `image="${image}"\n` })
    assert.deepEqual(containerHere({}, root), { kind: 'podman' }, image)
  }
})

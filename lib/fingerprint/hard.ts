/**
 * Hard arguments, sixteen calls a function, where the last bit is most easily another: each double as sixteen hex digits, those
 * of atan2, hypot and pow in pairs. For the first eight calls (three of log and log10, none of cbrt and hypot) Node 20 gave
 * other bits on arm64 than on x64, since compilers there fuse a multiplication with an addition; the true results of the
 * others lie closest to the middle between two doubles among 60,000 that were tried. Without them most such differences
 * would be missed: log's are one in a hundred thousand.
 */
import type { OpenFunction } from './math.ts'

export const HARD: Readonly<Record<OpenFunction, readonly string[]>> = {
  acos: [
    'bfe59713b176a84e 3fe115c7702920fd 3fdf4c60e698e163 3fe1d5abf754c4fb',
    '3fe04d712665b7cf bfe78547e772f7fd bfe11918b39c37ad 3fe652828bd635fc',
    'bfcdde8caf8875a9 bfc2fd3153d6be68 bfee6a6df2f35afa bfd50466e775be76',
    'bfea026681f5aa13 bfc0618f1f23c0d9 bfc130e3f78caacc 3fd3473d9b780ad9',
  ],
  acosh: [
    '3ff0e83bf33e555a 40000e48c138b8e7 40003402369944bb 3ff98358912fc55d',
    '4000a71229c2e359 3ff1050f57c326da 40007be814abeba3 3ff19bd382cd0e3a',
    '4001f18b9a17dcf0 40187aaed70f9fb6 400374f6704a42d1 401feb98af61bf62',
    '402746a42d526c13 401f70023c671bb7 40275647dce90ea6 40175a09ceb30155',
  ],
  asin: [
    '3fdf61046678e951 bfbc9818c8162ddf bfbcd2227b973955 3fdfdcc1819f8c14',
    'bfd77c30fc27a9a9 3fbe4f3c7f87922b bfe5bc6eeac69281 bfdc2e4cca59e0b1',
    '3fce4c4f8f985a95 3fcbe5292207253e 3fc718c6b99b752e bfb9f1efcf93f3e4',
    'bfe917413abdbd8c 3fcfd5b4b08ea137 3fd756d7e7b9f335 bfcb024c5fa25f7f',
  ],
  asinh: [
    '3ff332f048aa24e2 bfc3311e1a85030d bff0b7765f4c1206 3fd01a7066a9cb61',
    'bfcfb4b76e0494dc 3fc935f62ed55fac bfcfeb871976fb81 bfda4f7e199872ad',
    'bfdccf2328c97234 4015d98559d2d80a 3fe77c2fb01a5e78 4016ea467439302b',
    '402638572557458f 3fd8b21920998d4a bfc30e6cdfddf61b bfd0911d6f11f1dd',
  ],
  atan: [
    'bfce556c1d8bf5c7 bfc124917bf906be c015828bd31d3989 3fdbc367654d88c6',
    'bfd80583da772572 bfcdd9ef6f5da603 c009f6c04f6f9c04 3fc3c4b53486edd3',
    '3fb69966116be00e 3fdaca4e7a317aa8 bfb1c96a35e08179 402569a22a117123',
    '40075643e8cc5104 bff860b874b347f6 bff0db784f9b791d c02cdf1dcb4c9c7c',
  ],
  atan2: [
    'c009ec89f4a76aa8 402ab7e7c168fc98 c00299b39cb31768 401fb1caf5e106fe',
    '3fef2f66b3f622da 40081651a779f508 3fd3d97a957c662c 3fe9e77db1c85fd1',
    '3fe7d6feeb71159c 40017b190790794b 3fbe921c7e4a6d15 3fd56719b07cacbe',
    '3fe204e8be3e6beb 3ffbf50184c099cb c016eacae7de7d73 402a35e2e8573499',
    '3ff683621a689c33 bfe4d47f4ffefc34 3ff130ddfd275ab7 bfd596c3632e169f',
    'c02228fd43957034 40140a26e4edb1d9 3fd97b8a0cb62020 402d63166c13f819',
    'bff66173bbeee599 bfd297af3ae81efc c002fdc3d0b751f9 bfb1b09a54fa42be',
    'c001de14d1624515 3fe96e02f37b82fd 40185f3289b8b883 bfd9bf54e1b9b6ed',
  ],
  atanh: [
    '3fb4070f56a2685e 3fed528278521b5d bfc31bd79cee0ba0 3fc3c5178fe85336',
    'bfd9187d899a1e5c bfb7da436373be89 3fc708b6bf7fd58c 3fc7ede8f8cf10f9',
    'bfce348473ed50d2 bfd6ccd717dff90f bfd40bd2304d3aad bfcb40b2795103e2',
    'bfc14f7d3fb6fff1 3fbe465f37d95ec9 bfbdf3d5c538b075 3fede7e434fe1288',
  ],
  cbrt: [
    '3fd740c4f10a02b9 c011405a982b1839 3fd822ac070bad10 bffb381ee7cce570',
    'bfdd517882ba3b67 401f4801824a97bf c00fbbff0eb3aad3 402d15f2918a5b41',
    'bfee7e4866a3ebfd bfd72273e3e5f4a8 c0002c852415abb0 bfbdc8d12c467bdb',
    'bfe92b504d7244b8 40035e36b676b26a bff0bfb4bcc1434c c007bd6955ba68fd',
  ],
  cos: [
    'c0277171ceb5080b 3fff9e9cd62bbe80 bff28905c5d6ae99 401c615620e006af',
    'c01dceb90a4d1a52 40213ce93dc62dc3 bfef27e544e9ace8 bfebb14e4ada6182',
    '3fbfc45845164e2d c00747032e6c0936 bfd48fdf374fda0f c0252bef2c6df83d',
    '3fd8bfba5bba5df1 4002495f9f598017 bfc2b1f75fff704a c02d54a8a1c85f81',
  ],
  cosh: [
    '4021524c1ae98457 40199775dac954ca 4008b2e3e87b201b 3ffc58860d3e2b87',
    '40281cc7ab9898ed 3fd7e6648c1bf623 bfd22c26073bdf06 3fcb0015959578af',
    '3fb54b35ea1f55f3 4001ada36efb0820 3fdf8de6d36ffeb4 bfe38452f609fe9d',
    '3fe627c5cde2b35a 402900a11b319891 bff136d498cc77c2 3fd519475f296727',
  ],
  exp: [
    'bff9c1295e85dbb4 c02c96b2994982fe 401f679ead311388 bfcf692ab08dfd92',
    'bfee66e2eae98d10 4008dfced1742024 402c5f9dd2cd9fe5 c0148a4e3e958b3b',
    'c019b1ca09e5c652 c000395e97f64833 400636d57ecb52f8 c024fe30a0991cd7',
    '4017d97a27c3175e 401b75c3584e1b27 bffdc55821690e10 3fea0caef1148230',
  ],
  expm1: [
    '3fd94fec347e6f6b bfbecd2b388681c6 3fcbd4de69c09198 3fced2fa7ae90316',
    'bfceb491d56f9b18 3fd53c19f4f5715f 3fd3bdf765bd6766 3fd5e1b80ac76ba2',
    'c00473912ea1bf80 4017d97a27c3175e 401b75c3584e1b27 3fbb8b8f1d2389be',
    '4028691664283aea 40050ed0e0ce9147 bfcb130cec20a660 3fc0645ae2b51539',
  ],
  hypot: [
    '3fd975410d67de2e bfd149c7ec9eab14 3ffb6be67d64ca17 c008dcb537dce2a0',
    '4003e1e718b20d9a 3fe0d7704677b3ea 402e4be0d024683a bfc7f29493dbad63',
    'c019c5538cebb12d 3fc359c9e48b15af 3fb509c598ed76f1 3fc442cfc771d7cf',
    '3fd743dcdf259446 402245af91345d35 c0057552efad4de8 bfe62d786d0ddc81',
    '3ff2b292e5763d23 bff13f9f5953d141 c02a283d95d6b3ab 3fb4116b14b716a7',
    '402bec86d114f30f 3ffcd84a15fd624e bfb4c7bd828a1081 bffc8de525640164',
    'bfd46707cf969b89 bfe866c2979c06aa c00f2c568f87fe10 c02fb0b42873fd0c',
    '3fc1a054f4e296b3 401d829c6dbf103b bfee91491e2863b1 400737fc9358560a',
  ],
  log: [
    '3fe776e4b58588db 3ff6a0147a9be489 4014db6fea406c74 3fec94b894db09b2',
    '3fdef02e943a578b 3fe4e20971bb887d 402937268b7c0de5 401d8ee10827efa3',
    '4011548cfafda924 4007ae1cfa78ee23 3feca974eaf6d03b 402a7fe81993ff39',
    '3fbc06fb4f2a058f 3fe831afd9324fcb 3fd59b69d48e6f78 3fcb06c66ec72716',
  ],
  log10: [
    '3fe776e4b58588db 3fb736933cbd06b3 4014db6fea406c74 3fb1c4bbe384eeda',
    '3fbe2c2a41f04980 3feb42f26ac91ab9 401d55644597513c 4007009d52561fc2',
    '3fd3b376513dac26 3fe0d55b24558bf6 3fc64c4950426c83 3fd3aef2ae19bcf9',
    '3ff1e2f84a886ff7 401dc45e74835b32 40218a658dfa3bf0 40043cfd243f5055',
  ],
  log1p: [
    '3fd2ad5712de80bc 4012b3d77a0db8d2 3ffa1f4ec933e4e6 3fcccbf43527a4d5',
    '3fdd4ae9ab8f1ef4 3fcd008b9d1bece7 3fe22e1238b5a46d 3fff083fee7133b8',
    '3fe9631c1f14d431 4014ebc4c3c22ef0 40234baa57be4478 3fd00c5ae1f6c502',
    '3ff251150a5dc3c7 400758694be2dabd 3fda6c62ac770c56 4008602d8fe04d69',
  ],
  log2: [
    '3ff0d4eac89dfa3f 3ff6359391a30985 3fbbd91fa0c2f51f 3ff98bc9424c1762',
    '3ff635f2794c1068 401badf393e7f240 3fe9acd9ff4ca6ab 3fe723367c6962e9',
    '3fd3c4ec4e143e19 3fd92abed920aa30 401e99256f031b4d 3fd8b5855759e439',
    '401b2e9767f223af 3fe46e337ad27c51 3fe94550ecdd903b 3ffd2b6b8429d9e8',
  ],
  pow: [
    '402b343d219f951a 3fff341087c13f72 3fc160ffd5fc57e4 3fc35cb48143c949',
    '3fcde9121ae70640 bfe6539029af7352 3fd2f910391dfac7 3fec5f451bfa152b',
    '401c98b9890cb3b1 3fc3879c5fc0dce4 402448df23807bf5 c01d85de7c5ed865',
    '3fb57cbc0f887fea bfc111467df5a9a3 4011228a94c9aaad c004503b60cf2038',
    '4029012fbeecc3a0 bfcd41191420e283 3ff380a696b161a7 3ff6076fb23c103a',
    '3fc1ef105a378174 bfd3d5cbf62e5d1f 401a9c84d6e68984 bfed10ce563b9c2d',
    '400c97724a17ec9f bfcab4a30d05be2b 4027aa6bca852784 c02007cd52ed2ff1',
    '3ff6d38f84a46826 bfd4a3b09a24ab46 3fe560183461bed7 401d7b5b0069ae91',
  ],
  sin: [
    'bfbb0a64f049b6d8 bfdf9e8009c4a9b8 bfd97cc7b6849784 400f186075b7ff78',
    '3fe69d1395a6a91c 3fd709eda6ddf33c bfe28a526b4e8c86 3fdee74a81cc250c',
    '4005183e5a51a78f c008c1ef3860d7fd 3fb1c07139206d7d 3fdc27768ebc0abe',
    '402754bf73357940 bff513d62b0efb1e 3ff3e290a13b824b 3ffe07e1773bcd27',
  ],
  sinh: [
    '3fca64be292d0f23 400849ba2f0c98cf 3fc3236f62202c0f bfc8d13ce4b69795',
    'bfdce24c78e6c9ed 3fda44f4f8c612f0 bfcf88a285fc94f1 bfcdfa1872c8e311',
    '3ff3e290a13b824b 400e7055311e9be3 c02d2ec1c4b60b67 3fb425c1d31873d6',
    '3fc1e92c5e8f2360 c01e6a23d39ae4cf 3ff1e6743c5ec1f6 4014b97dae126476',
  ],
  tan: [
    '3fc45c3c8e098bf1 c027e955ea86d8e9 400d5b867c09f0e8 c026ecf7d607f535',
    'bfedd0d447cea7ce 3fe4827e0ac5c609 c0107f85c29dd848 bfdd3e84319b5ea4',
    '4018ec7d4a2a0832 bfbc1bc7b30538fd bfe98a75b3bd4dc7 400c834e40a2bf50',
    'c01b3770e4f11e66 bfbfba82a54f7356 c010dca7f3d3206a 3ff82e094523ae18',
  ],
  tanh: [
    'bfbece60a317b76f bfde348473ed50d2 3fb6993270e29a34 3fc0e50530b884fa',
    'bfb94ed600a586d9 bfbe7510803f218e 3fc185ccd2fce7a0 3fc2560235c5c567',
    '3fd93ff6273e70ab c017819deae966bc bfd578311c3cc631 bfe5116e565738fb',
    'c0175d2423cb0ff5 4010aa00a92cd705 3fbf88158c9b62c1 400ff2b829a2c9ed',
  ],
}

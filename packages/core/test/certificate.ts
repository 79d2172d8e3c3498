/** A certificate for loopback that vouches for nothing, and its key, which is no secret: for servers of tests. */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUUX78XgZTiG2t2plbzP8oOymOXTUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIyMTEwMVoYDzIxMjYxMDI4
MjIxMTAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARQpZtmWgDgAGnf66TocjESHaou5DTijguyt7ZLbu0OafB8Er7cmojX
+ry4Q9kIps8U5oEenRzoX1hLR95xOFERo28wbTAdBgNVHQ4EFgQUn4zG/fuGSwI8
HhwTc0MI5mtxPokwHwYDVR0jBBgwFoAUn4zG/fuGSwI8HhwTc0MI5mtxPokwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgTtpbFUGRpe+V8eiX2q29brBHp3oKS6JRr6iyhOynl7kCIQDR
S2DrzkGBo9/uFQ0V/PoEvocvhf31K+RJ1VtIHRmzNA==
-----END CERTIFICATE-----
`

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfSziW38CsLM3YOD5
eeddm1cbjbr3xpp7TbgvsvZ090+hRANCAARQpZtmWgDgAGnf66TocjESHaou5DTi
jguyt7ZLbu0OafB8Er7cmojX+ry4Q9kIps8U5oEenRzoX1hLR95xOFER
-----END PRIVATE KEY-----
`

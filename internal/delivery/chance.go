package delivery

import "hash/fnv"

// Chance is what chance brings to the attempt try of the delivery key, in [0,1): the same
// for the same seed, wherever and however often it is asked.
func Chance(seed uint64, key string, try int) float64 {
	sum := fnv.New64a()
	sum.Write([]byte(key))                                   // never fails
	x := seed ^ sum.Sum64() + uint64(try)*0x9e3779b97f4a7c15 // splitmix64
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}

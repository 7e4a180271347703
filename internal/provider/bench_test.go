package provider_test

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := library().Load("svix"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadAll(b *testing.B) {
	for b.Loop() {
		if _, err := library().All(); err != nil {
			b.Fatal(err)
		}
	}
}

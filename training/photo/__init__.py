"""What cameras do to plates: perspective, blur, light, noise, compression."""

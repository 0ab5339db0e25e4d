"""The middle: rows, rules and screens of stories, photos and deliveries."""

"""The words for each reason why a picture is not taken, in English: title, reason and next step."""

from __future__ import annotations

from console.domain.pictures import BYTES_MAX, PIXELS_MAX, PictureTrouble
from console.domain.wording import Words

PICTURE_TROUBLES: dict[PictureTrouble, Words] = {
    PictureTrouble.EMPTY: Words(
        "This file is empty.",
        "It holds no picture.",
        "Choose another file, or copy it from the camera again.",
    ),
    PictureTrouble.TOO_LARGE: Words(
        "This picture is too large.",
        f"At most {BYTES_MAX // 1024**2} MiB are taken.",
        "Save it smaller and choose it again.",
    ),
    PictureTrouble.TOO_MANY_PIXELS: Words(
        "This picture has too many pixels.",
        f"At most {PIXELS_MAX // 1_000_000} megapixels are taken; neighbors see it smaller anyway.",
        "Save it smaller, 2,048 pixels wide is plenty, and choose it again.",
    ),
    PictureTrouble.BREAKS_OFF: Words(
        "This picture breaks off.",
        "The file ends before the picture does.",
        "Copy it from where it came from again.",
    ),
    PictureTrouble.BROKEN: Words(
        "This picture is damaged.",
        "What is inside does not fit together.",
        "Open it in a picture program, save it as JPEG, and choose that file.",
    ),
    PictureTrouble.ANIMATED: Words(
        "Moving pictures are not taken.",
        "Each picture of it would have to be looked through for faces and plates.",
        "Save the one picture that is meant as JPEG or PNG.",
    ),
    PictureTrouble.DRAWING: Words(
        "An SVG drawing is not taken.",
        "It can hold programs and addresses.",
        "Export it as PNG and choose that file.",
    ),
    PictureTrouble.PHONE_FORMAT: Words(
        "HEIC and AVIF pictures are not taken.",
        "They are not opened everywhere.",
        "Save it as JPEG; phones call this \u201cmost compatible\u201d.",
    ),
    PictureTrouble.OTHER_KIND: Words(
        "This kind of file is not taken.",
        "Pictures are taken as JPEG, PNG or WebP.",
        "Save the picture as JPEG or PNG and choose that file.",
    ),
    PictureTrouble.NO_PICTURE: Words(
        "This file is not a picture.",
        "Pictures are taken as JPEG, PNG or WebP.",
        "Choose the picture itself.",
    ),
    PictureTrouble.TWO_THINGS: Words(
        "This file is a picture and something else at once.",
        "A document, an archive, a page or a program is hidden in it.",
        "Open the picture, save it anew as JPEG, and choose that file.",
    ),
}

/** In a group or a direct conversation, oneself included. */
export const mostPeople = 50
